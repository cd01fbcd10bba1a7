import { z } from "zod";
import { CommandError } from "../command";
import { resourceNamePattern } from "./resource-names";
import { jsonFrom, readIfExists } from "./text-files";

const resourceName = z
  .string()
  .regex(
    resourceNamePattern,
    "expected 1 to 100 letters, digits, hyphens, underscores and dots, a letter or digit first",
  );

const mappingSchema = z.record(
  z.string(),
  z.strictObject({ name: resourceName, import: z.boolean(), reason: z.string().optional() }),
);

/** As the hosted API and this package give them, and as Docker does. A name could become another container's. */
const containerId = /^(?:cntr_\w+|[0-9a-f]{64})$/;

/** What becomes of each container, by its id: written by the command, and edited by a person. */
export type Mapping = z.output<typeof mappingSchema>;

/**
 * @returns undefined where there is no such file
 * @throws CommandError where it is not a mapping, or gives two imported containers one name
 */
export function readMapping(file: string): Mapping | undefined {
  const text = readIfExists(file);
  if (text === undefined) return undefined;
  const { data, error } = mappingSchema.safeParse(parsedJson(file, text));
  const [issue] = error?.issues ?? [];
  if (!data) throw invalid(file, `${issue?.path.join(".") || "its content"}: ${issue?.message}`);
  for (const id of Object.keys(data)) {
    if (!containerId.test(id)) throw invalid(file, `${id}: expected an id, cntr_… or 64 hexadecimal digits`);
    // JSON.parse keeps the last of two.
    const places = text
      .split(JSON.stringify(id))
      .slice(1)
      .filter((rest) => /^\s*:/.test(rest));
    if (places.length > 1) throw invalid(file, `${id}: it is there twice`);
  }
  assertUniqueNames(file, data);
  return data;
}

export function mappingText(mapping: Mapping): string {
  return `${JSON.stringify(mapping, null, 2)}\n`;
}

function parsedJson(file: string, text: string): unknown {
  try {
    return jsonFrom(text);
  } catch (error) {
    throw invalid(file, error instanceof Error ? error.message : String(error));
  }
}

function assertUniqueNames(file: string, mapping: Mapping): void {
  const ids = new Map<string, string>();
  for (const [id, { name, import: isImported }] of Object.entries(mapping)) {
    if (!isImported) continue;
    const other = ids.get(name);
    if (other !== undefined) throw invalid(file, `${id}.name: ${other} has the name ${JSON.stringify(name)} too`);
    ids.set(name, id);
  }
}

function invalid(file: string, what: string): CommandError {
  return new CommandError(
    "OC5206",
    `Invalid mapping ${file}: ${what}`,
    "Correct it, or delete it to have it written anew",
  );
}
