import type Docker from "dockerode";
import { z } from "zod";

export type Properties = Record<string, unknown>;

/** What the plugin was configured with. */
export interface Settings {
  client: Docker;
  registryAuth: readonly RegistryAuth[];
}

/** The credentials for one registry. Its address may begin with `http://`. */
export const registryAuth = z.object({ address: z.string(), username: z.string(), password: z.string() });
export type RegistryAuth = z.output<typeof registryAuth>;

/** A type of resource, as Pulumi's engine asks for it. */
export interface Resource {
  check(inputs: Properties): Properties;
  /** The changed inputs, and those that replace the resource. */
  diff(oldInputs: Properties, newInputs: Properties): { changes: boolean; replaces: string[] };
  create(inputs: Properties, settings: Settings): Promise<{ id: string; outputs: Properties }>;
  /** @returns undefined where it is gone */
  read(id: string, outputs: Properties, settings: Settings): Promise<Properties | undefined>;
  delete(outputs: Properties, settings: Settings): Promise<void>;
}
