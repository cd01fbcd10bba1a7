import { z } from "zod";
import { printable } from "./printable";

const text = z.string().transform(printable);

/** The part of an engine's version that is used. */
export const versionAnswer = z.object({
  ApiVersion: text,
  Version: text.default(""),
  Arch: text.default(""),
  Components: z.array(z.object({ Name: text })).optional(),
});

/** The part of an engine's information about itself that is used. */
export const infoAnswer = z.object({
  ID: text,
  Name: text,
  DockerRootDir: text,
  MemTotal: z.number(),
  MemoryLimit: z.boolean(),
  SwapLimit: z.boolean(),
  PidsLimit: z.boolean().default(false), // an unreported limit may be missing
  SystemTime: z.iso.datetime({ offset: true }).optional().catch(undefined),
  DefaultRuntime: text.default(""),
  Runtimes: z.record(text, z.object({ path: text.optional(), runtimeType: text.optional() })).default({}),
  CgroupVersion: text.default(""),
  Driver: text.default(""),
  OSType: text.default(""),
  Architecture: text.default(""),
  SecurityOptions: z
    .array(text)
    .nullish()
    .transform((options) => options ?? []),
});

type Info = z.output<typeof infoAnswer>;

/** What an engine reports of itself, for people. What it does not report is empty. */
export interface EngineDescription {
  /** With its version: `Docker Engine 28.5.2`. */
  product: string;
  apiVersion: string;
  /** The operating system and the processor of its containers: `linux/x86_64`. */
  platform: string;
  /** `1` or `2`. */
  cgroupVersion: string;
  storageDriver: string;
  isRootless: boolean;
}

export function description(product: string, version: z.output<typeof versionAnswer>, info: Info): EngineDescription {
  return {
    product: `${product} ${version.Version}`.trim(),
    apiVersion: version.ApiVersion,
    platform: [info.OSType, info.Architecture].filter(Boolean).join("/"),
    cgroupVersion: info.CgroupVersion,
    storageDriver: info.Driver,
    isRootless: info.SecurityOptions.some((option) => option.startsWith("name=rootless")),
  };
}

/** The programs of an engine's runtimes, by name. */
export function runtimesOf({ Runtimes }: Info): Map<string, string> {
  return new Map(Object.entries(Runtimes).map(([name, { path, runtimeType }]) => [name, path ?? runtimeType ?? name]));
}

/** The default runtime, by its name and its program, as the administrator chooses the name. */
export function defaultRuntime({ DefaultRuntime: name }: Info, runtimes: ReadonlyMap<string, string>): string {
  const program = runtimes.get(name);
  return program === undefined || program === name ? name : `${name}, ${program}`;
}
