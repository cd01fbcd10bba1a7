import { z } from "zod";
import { accountId } from "./account-id";
import { egressSchema } from "./egress-settings";
import { asSet, type Field, shapeOf, undefinedFor } from "./field";
import { isImageReference } from "./image-reference";
import { networkPolicySchema } from "./network-policy";
import { skillsSchema } from "./skills";

/** The one definition of a container: its fields, from which everything else about them is derived or checked. */

export const backendNames = ["openai", "docker"] as const;
export type BackendName = (typeof backendNames)[number];

export function isBackendName(value: unknown): value is BackendName {
  return backendNames.some((name) => name === value);
}

/** The memory tiers in bytes: the API counts in GiB. */
export const memoryLimitBytes = {
  "1g": 1 * 2 ** 30,
  "4g": 4 * 2 ** 30,
  "16g": 16 * 2 ** 30,
  "64g": 64 * 2 ** 30,
} as const;

/** Near the hosted runtime, which is Debian 12 with Python 3.11. */
export const defaultImage = "python:3.11-slim-bookworm";

const memoryLimit = z.enum(["1g", "4g", "16g", "64g"]);

const image = z
  .string()
  .min(1, { abort: true })
  .refine(
    isImageReference,
    `an image name such as "${defaultImage}" (lower case, with a registry, tag or digest if needed) or an image id`,
  );

/** Docker's grammar of a runtime's name: also that of a containerd shim, `io.containerd.kata.v2`. */
const runtime = z.string().regex(/^[\w][\w.-]*$/, "the name of a runtime, of letters, digits, `.`, `_` and `-`");

const expiresAfter = z.strictObject({
  anchor: z.literal("last_active_at"),
  minutes: z.int().min(1).max(525_600),
});

export const fields = {
  name: {
    argument: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .describe("1 to 256 characters, need not be unique; if not set, the resource's name and eight hex digits"),
    observed: z.string(),
    recorded: z.string().optional(),
  },
  memoryLimit: {
    argument: memoryLimit.default("1g").describe("memory in GiB; on Docker of memory and swap together"),
    observed: z.string().optional(),
    recorded: z.string().default("1g"),
  },
  networkPolicy: {
    argument: networkPolicySchema.default({ type: "disabled" }).describe("the domains that the container may reach"),
    observed: z.object({ type: z.string(), allowedDomains: z.array(z.string()).exactOptional() }).optional(),
    recorded: z
      .looseObject({
        type: z.string(),
        allowedDomains: z.array(z.string()).optional(),
        domainSecrets: z.array(z.unknown()).optional(),
      })
      .default({ type: "disabled" }),
  },
  expiresAfter: {
    argument: expiresAfter
      .default({ anchor: "last_active_at", minutes: 20 })
      .describe("the idle time after which it expires, 1 to 525,600 minutes"),
    observed: z.object({ anchor: z.string(), minutes: z.number() }).optional(),
    recorded: z.object({ anchor: z.string(), minutes: z.number() }).default({ anchor: "last_active_at", minutes: 20 }),
  },
  fileIds: {
    // The API's limit, as that of skills.
    argument: asSet(z.array(accountId).max(50))
      .optional()
      .describe("files of the account, by id, that are copied into the container; a set of at most 50"),
    recorded: z.array(z.string()).optional(),
    isNullable: true,
  },
  skills: {
    argument: skillsSchema
      .optional()
      .describe("its skills, at most 200: skills of the account by id, folders, or zips"),
    recorded: z.array(z.unknown()).optional(),
    isNullable: true,
  },
  backend: {
    argument: z.enum(backendNames).describe("where it runs; if not set, the setting `openai-containers:backend`"),
    recorded: z.string().optional(),
  },
  docker: {
    argument: z
      .strictObject({
        image: image.default(defaultImage),
        runtime: runtime.optional(),
        egress: egressSchema.optional(),
      })
      .optional()
      .describe(
        "`{ image, runtime, egress }`: its image, if not set `python:3.11-slim-bookworm`; its runtime, such as `runsc`, if not set the engine's default; the private networks and CA certificates of its allow list",
      ),
    observed: z.object({ image: z.string(), runtime: z.string().optional() }).optional(),
    recorded: z.looseObject({ image: z.string().optional(), runtime: z.string().optional() }).optional(),
    backends: ["docker"],
    preset: { image: defaultImage },
    isNullable: true,
  },
  /** Always `container`. */
  object: { recorded: z.string().optional() },
  /** `running`, `stopped` or `expired`; any other is the backend's own word, and means that the container is alive. */
  status: { observed: z.string(), recorded: z.string().optional() },
  /** Unix seconds. `Container.get` passes inputs only, and so none. */
  createdAt: { observed: z.number(), recorded: z.number().optional() },
  /** The account or engine, which `Backend.location` says. */
  location: { recorded: z.string().optional() },
  /** Of the hosted API: the project that the container belongs to. */
  project: { observed: z.string().optional(), recorded: z.string().optional(), isNullable: true },
  imageId: { observed: z.string().optional(), recorded: z.string().optional(), isNullable: true },
} as const satisfies Record<string, Field>;

const definitions: Readonly<Record<string, Field>> = fields;

export const containerSchema = z.strictObject(shapeOf(fields, "argument"));
export const observedSchema = z.object({ id: z.string(), ...shapeOf(fields, "observed") });
export const nothingObserved = undefinedFor(observedSchema.shape);
export const recordedShape = shapeOf(fields, "recorded");

/** The names of the outputs, those of the arguments among them. */
export const outputNames: readonly string[] = Object.keys(fields);

/** The outputs that are null where a container does not have them. */
export const nullableOutputs = outputNames.filter((name) => definitions[name]?.isNullable);

/** The arguments that a backend does not support. */
export function unsupportedBy(backend: string): string[] {
  return outputNames.filter((name) => definitions[name]?.backends?.includes(backend) === false);
}

/** The defaults of arguments that only such a backend has. */
export function presetsOf(backend: unknown): Record<string, object> {
  const presets = Object.entries(definitions).flatMap(([name, { backends = [], preset }]) =>
    preset && backends.some((supported) => supported === backend) ? [[name, preset]] : [],
  );
  return Object.fromEntries(presets);
}

/** A container's arguments as `check` leaves them: validated, with the defaults filled in. */
export type Container = z.output<typeof containerSchema>;

/** The arguments that a program may write, once Pulumi has resolved its outputs. */
export type ContainerInput = Omit<z.input<typeof containerSchema>, "backend"> & { backend?: BackendName };
