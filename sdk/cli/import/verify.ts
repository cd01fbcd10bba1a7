import { z } from "zod";
import { nameOf, typeOf } from "../../../provider/command-line";
import { resourceType } from "../../resource-type";
import { CommandError, type Output } from "../command";
import { pulumi, type Ran } from "./pulumi";
import { stackArguments } from "./stack";

const previewSchema = z.object({
  steps: z
    .array(
      z.object({
        op: z.string(),
        urn: z.string(),
        detailedDiff: z.record(z.string(), z.unknown()).nullish(),
        replaceReasons: z.array(z.string()).nullish(),
      }),
    )
    .default([]),
  diagnostics: z.array(z.object({ message: z.string(), severity: z.string() })).default([]),
});
type Preview = z.output<typeof previewSchema>;

/**
 * Asserts that a preview of the program shows no change of the selected containers, and that it deletes and replaces
 * none of the stack's.
 * @param names the names of the selected containers' resources
 * @throws CommandError
 */
export async function assertUnchanged(
  stack: string | undefined,
  names: readonly string[],
  { stderr }: Output,
): Promise<void> {
  const ran = await pulumi(["preview", "--json", "--show-sames", ...stackArguments(stack)]);
  const preview = previewFrom(ran);
  if (ran.code !== 0 || !preview) {
    const errors = preview && ofSeverity(preview, "error").map(({ message }) => message);
    throw failure((errors?.join("\n") || ran.text).trim());
  }
  // Such as that the live state could not be read, so that "unchanged" is only what state says.
  for (const { message } of ofSeverity(preview, "warning")) stderr(`${message.trim()}\n`);
  const changes = changesOf(preview, names);
  if (changes.length > 0)
    throw new CommandError(
      "OC5222",
      `The selected containers are in the stack, and a preview shows changes of containers: ${changes.join("; ")}`,
      "Change the program, so that it declares them as they are, before the next `pulumi up`",
    );
}

/** Pulumi itself refuses to preview the deletion or the replacement of a protected resource. */
function failure(errors: string): CommandError {
  const what = `The selected containers are in the stack, and pulumi preview failed: ${errors}`;
  if (/\bprotect/.test(errors))
    return new CommandError(
      "OC5223",
      what,
      "If the program does not declare the container, declare it again. If it has expired, unprotect it (`pulumi state unprotect URN`) or remove it from the state (`pulumi state delete --force URN`)",
    );
  return new CommandError("OC5221", what, "Correct the program, and run the same command again");
}

function changesOf({ steps }: Preview, selected: readonly string[]): string[] {
  // Others may be created and updated by the next `up`, as their program says.
  const lost = steps.filter(({ op, urn }) => typeOf(urn).endsWith(resourceType) && /delete|replace/.test(op));
  const own = new Map(steps.filter(({ urn }) => typeOf(urn) === resourceType).map((step) => [nameOf(step.urn), step]));
  for (const step of lost) own.set(nameOf(step.urn), step);
  return [...new Set([...selected, ...lost.map(({ urn }) => nameOf(urn))])].flatMap((name) => {
    const step = own.get(name);
    if (step?.op === "same") return [];
    const what = [...Object.keys(step?.detailedDiff ?? {}), ...(step?.replaceReasons ?? [])];
    const properties = what.length > 0 ? ` (${[...new Set(what)].join(", ")})` : "";
    return `${name}: ${step?.op ?? "not in the program"}${properties}`;
  });
}

function ofSeverity({ diagnostics }: Preview, wanted: string): Preview["diagnostics"] {
  return diagnostics.filter(({ severity }) => severity === wanted);
}

function previewFrom({ stdout }: Ran): Preview | undefined {
  try {
    return previewSchema.parse(JSON.parse(stdout));
  } catch {
    return undefined; // Pulumi failed before it printed one
  }
}
