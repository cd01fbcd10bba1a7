import { z } from "zod";
import { egressSchema } from "./egress-settings";
import { networkPolicySchema } from "./network-policy";
import { skillsSchema } from "./skills";

/** The one definition of a container: its arguments with their limits, defaults and descriptions. */

export const backendNames = ["openai", "docker"] as const;
export type BackendName = (typeof backendNames)[number];

export function isBackendName(value: unknown): value is BackendName {
  return backendNames.some((name) => name === value);
}

/** The memory tiers, with what the kernel is told: the API counts in GiB. */
export const memoryLimitBytes = {
  "1g": 1 * 2 ** 30,
  "4g": 4 * 2 ** 30,
  "16g": 16 * 2 ** 30,
  "64g": 64 * 2 ** 30,
} as const;

/** Near the hosted runtime, which is Debian 12 with Python 3.11. */
export const defaultImage = "python:3.11-slim-bookworm";

const memoryLimit = z.enum(["1g", "4g", "16g", "64g"]);

const expiresAfter = z.strictObject({
  anchor: z.literal("last_active_at"),
  minutes: z.int().min(1).max(525_600),
});

export const containerSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe("1 to 256 characters, need not be unique; left out, the resource's name and eight hex digits"),
  memoryLimit: memoryLimit.default("1g").describe("memory in GiB; on Docker of memory and swap together"),
  networkPolicy: networkPolicySchema.default({ type: "disabled" }).describe("what the container may reach"),
  expiresAfter: expiresAfter
    .default({ anchor: "last_active_at", minutes: 20 })
    .describe("how long it may be idle before it ends, 1 to 525,600 minutes"),
  fileIds: z
    .array(z.string().min(1))
    .overwrite((ids) => [...new Set(ids)])
    .optional()
    .describe("files of the account, by id, that are copied into it; a set"),
  skills: skillsSchema.optional().describe("what it is taught: skills of the account by id, or zips"),
  backend: z.enum(backendNames).describe("where it runs; left out, what `openai-containers:backend` says"),
  docker: z
    .strictObject({ image: z.string().min(1).default(defaultImage), egress: egressSchema.optional() })
    .optional()
    .describe(
      "`{ image, egress }`: the image it is made of, left out `python:3.11-slim-bookworm`; what its allow list takes beyond the public internet",
    ),
});

/** A container's arguments as `check` leaves them: defaults filled in, every rule met. */
export type Container = z.output<typeof containerSchema>;

/** What a program may write, once Pulumi has resolved its outputs. */
export type ContainerInput = Omit<z.input<typeof containerSchema>, "backend"> & { backend?: BackendName };
