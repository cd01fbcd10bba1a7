import * as pulumi from "@pulumi/pulumi";
import type { ContainerArgs } from "./container-args";

/**
 * The arguments that hold a Pulumi secret besides domain secrets, which no message ever quotes. Pulumi passes
 * each value in clear to dynamic providers, so the class reports here which others they must not quote either.
 * @returns undefined where no argument can be secret
 */
export function secretArguments(args: ContainerArgs): Promise<string[]> | undefined {
  const pending = Object.entries(args).flatMap(([name, value]) => pendingIn(value).map((one) => ({ name, one })));
  return pending.length > 0 ? secretAmong(pending) : undefined;
}

async function secretAmong(pending: { name: string; one: unknown }[]): Promise<string[]> {
  const found = pending.map(async ({ name, one }) => ((await pulumi.isSecret(pulumi.output(one))) ? [name] : []));
  return [...new Set((await Promise.all(found)).flat())];
}

/** The outputs and promises in a value, which alone can be secret. */
function pendingIn(value: unknown): unknown[] {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => (key === "domainSecrets" ? [] : pendingIn(member)));
}
