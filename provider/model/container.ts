import { z } from "zod";

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

const domainSecret = z.strictObject({
  domain: z.string().min(1),
  name: z.string().min(1),
  value: z.string().min(1).max(10_485_760),
});

const networkPolicy = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("disabled") }),
  z.strictObject({
    type: z.literal("allowlist"),
    allowedDomains: z.array(z.string().min(1)).min(1),
    domainSecrets: z.array(domainSecret).min(1).optional(),
  }),
]);

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
  networkPolicy: networkPolicy.default({ type: "disabled" }).describe("what the container may reach"),
  expiresAfter: expiresAfter
    .default({ anchor: "last_active_at", minutes: 20 })
    .describe("how long it may be idle before it ends, 1 to 525,600 minutes"),
  backend: z.enum(backendNames).describe("where it runs; left out, what `openai-containers:backend` says"),
  docker: z
    .strictObject({ image: z.string().min(1).default(defaultImage) })
    .optional()
    .describe("`{ image }`: the image it is made of; left out, `python:3.11-slim-bookworm`"),
});

/** A container's arguments as `check` leaves them: defaults filled in, every rule met. */
export type Container = z.output<typeof containerSchema>;

/** What a program may write, once Pulumi has resolved its outputs. */
export type ContainerInput = Omit<z.input<typeof containerSchema>, "backend"> & { backend?: BackendName };
