import * as pulumi from "@pulumi/pulumi";
import type { ContainerArgs } from "./container-args";

/**
 * The arguments that hold a Pulumi secret besides domain secrets, which no message ever quotes. Pulumi hands dynamic
 * providers each value in clear, so the provider is told here which others it must not quote either.
 */
export async function secretArguments(args: ContainerArgs): Promise<string[]> {
  const asked = Object.entries(args).flatMap(([name, value]) =>
    pendingIn(value).map(async (pending) => ((await isSecret(pending)) ? [name] : [])),
  );
  return [...new Set((await Promise.all(asked)).flat())];
}

/** The outputs and promises in a value, which alone can be secret. */
function pendingIn(value: unknown): unknown[] {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => (key === "domainSecrets" ? [] : pendingIn(member)));
}

function isSecret(pending: unknown): Promise<boolean> {
  return pulumi.isSecret(pulumi.output(pending));
}
