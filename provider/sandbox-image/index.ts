import { runtime } from "@pulumi/pulumi";
import { runErrorOf } from "../run-error";
import { argumentsFrom, engineSettingsFrom, referenceFrom, type ValidArguments } from "./arguments";
import { findEngine, type SandboxEngine } from "./engine";

export type { BuildArguments, ValidArguments } from "./arguments";
export type { SandboxEngine } from "./engine";

/** What a program's process loads of the provider when it creates its first SandboxImage. */

/** @throws RunError for invalid arguments */
export function validArguments(name: string, args: unknown): ValidArguments {
  return withRunErrors(() => argumentsFrom(name, args));
}

/** The reference of arguments, once it is known. @throws RunError where it is none */
export function validReference(name: string, args: unknown): string {
  return withRunErrors(() => referenceFrom(name, args));
}

/**
 * The engine of the program's sandboxes.
 * @param own `dockerHost` or `dockerContext`, as an explicit provider has them
 * @throws RunError where it cannot be reached
 */
export async function sandboxEngine(name: string, own: unknown): Promise<SandboxEngine> {
  const { dockerHost, dockerContext } = withRunErrors(() => engineSettingsFrom(name, own));
  const settings: Record<string, string | undefined> = {
    "provider:dockerHost": dockerHost,
    "provider:dockerContext": dockerContext,
  };
  const engine = await withRunErrorsOf(findEngine((key) => settings[key] ?? runtime.getConfig(key)));
  return { ...engine, hasImage: (id) => withRunErrorsOf(engine.hasImage(id)) };
}

function withRunErrors<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw runErrorOf(error);
  }
}

function withRunErrorsOf<T>(result: Promise<T>): Promise<T> {
  return result.catch((error) => {
    throw runErrorOf(error);
  });
}
