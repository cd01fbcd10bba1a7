/** A change of a file: the first match is replaced. */
export type Edit = readonly [match: RegExp, replacement: string];

/** The steps in CONTRIBUTING.md, for an example field of both backends: `timezone`. */
export const timezone: Readonly<Record<string, readonly Edit[]>> = {
  "provider/model/container.ts": [
    [
      /^ {2}fileIds: \{$/m,
      `  timezone: {
    argument: z.string().min(1).optional().describe("the time zone of its processes"),
    observed: z.string().optional(),
    recorded: z.string().optional(),
    isNullable: true,
  },
$&`,
    ],
  ],
  "provider/backends/openai/wire.ts": [
    [
      /^ {4}memory_limit: memoryLimit,$/m,
      "$&\n    ...(container.timezone !== undefined && { timezone: container.timezone }),",
    ],
    [/^ {2}memory_limit: optional\(z\.string\(\)\),$/m, "$&\n  timezone: optional(z.string()),"],
    [/^ {4}createdAt: (\w+)\.created_at,$/m, "$&\n    timezone: $1.timezone,"],
  ],
  "provider/backends/docker/sandbox/container-spec.ts": [
    [/Env: \[`HOME=\$\{dataFolder\}`/, "$&, ...(container.timezone ? [`TZ=$${container.timezone}`] : [])"],
    [/^ {4}imageId: Image,$/m, '$&\n    timezone: Config.Env.find((entry) => entry.startsWith("TZ="))?.slice(3),'],
  ],
  "sdk/container-args.ts": [
    [
      /^export interface ContainerArgs \{$/m,
      `$&
  /** The time zone of its processes: \`Europe/Berlin\`. Default: the image's. Changing it replaces the container. */
  readonly timezone?: Input<string | null | undefined>;`,
    ],
  ],
  "sdk/container.ts": [
    [/^ {2}fileIds: "or null",$/m, '  timezone: "or null",\n$&'],
    [
      /^ {2}declare readonly imageId: .*$/m,
      "$&\n  /** The time zone of its processes. Null where it is the image's. */\n  declare readonly timezone: pulumi.Output<string | null>;",
    ],
  ],
  "sdk/data-source-types.ts": [
    [
      /^ {2}readonly lastActiveAt: .*$/m,
      "$&\n  /** The time zone of its processes. */\n  readonly timezone: string | undefined;",
    ],
  ],
};

/** The steps in CONTRIBUTING.md for a backend, besides its folder. */
export const memory: Readonly<Record<string, readonly Edit[]>> = {
  "provider/backends/index.ts": [
    [/^import .*$/m, 'import { memoryKind } from "./memory/kind";\n$&'],
    [
      /\{ docker: dockerKind\(accountOf\), openai \}/,
      '{ docker: dockerKind(accountOf), openai, memory: memoryKind("memory") }',
    ],
  ],
  "provider/model/container.ts": [[/\["openai", "docker"\] as const/, '["openai", "docker", "memory"] as const']],
  "sdk/container-args.ts": [[/"openai" \| "docker";/, '"openai" | "docker" | "memory";']],
};
