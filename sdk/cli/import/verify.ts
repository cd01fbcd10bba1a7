import { z } from "zod";
import { resourceType } from "../../resource-type";
import { CommandError, type Output } from "../command";
import { pulumi, type Ran } from "./pulumi";
import { nameOf, stackArguments, typeOf } from "./stack";

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
 * Asserts that a preview of the program shows no change of these containers.
 * @param names the names of their resources
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
    throw new CommandError(
      "OC5221",
      `The containers are in the stack, and pulumi preview failed: ${(errors?.join("\n") || ran.text).trim()}`,
      "Correct the program, and run the same command again",
    );
  }
  // Such as that the live state could not be read, so that "unchanged" is only what state says.
  for (const { message } of ofSeverity(preview, "warning")) stderr(`${message.trim()}\n`);
  const changes = changesOf(preview, names);
  if (changes.length > 0)
    throw new CommandError(
      "OC5222",
      `The containers are in the stack, and a preview shows changes of ${changes.length} of ${names.length}: ${changes.join("; ")}`,
      "Change the program, so that it declares them as they are, before the next `pulumi up`",
    );
}

function changesOf({ steps }: Preview, names: readonly string[]): string[] {
  const own = new Map(steps.filter(({ urn }) => typeOf(urn) === resourceType).map((step) => [nameOf(step.urn), step]));
  return names.flatMap((name) => {
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
