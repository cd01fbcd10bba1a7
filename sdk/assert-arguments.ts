import * as pulumi from "@pulumi/pulumi";
import { runError } from "./coded";

/**
 * Asserts that a resource's arguments are an object, as its type says. The properties of anything else, such as an Output's
 * methods or a text's characters, would be taken for arguments.
 * @throws pulumi.RunError
 */
export function assertArguments(name: string, args: unknown): void {
  const kind = kindOfOther(args);
  if (!kind) return;
  throw runError(
    "OC4012",
    `Container ${name}: its arguments must be an object, and are ${kind}. Pass an object; its properties may be Outputs.`,
  );
}

function kindOfOther(args: unknown): string | undefined {
  if (pulumi.Output.isInstance(args)) return "an Output";
  if (args instanceof Promise) return "a Promise";
  if (Array.isArray(args)) return "a list";
  return args === undefined || typeof args === "object" ? undefined : `a ${typeof args}`;
}
