import { load } from "js-yaml";
import { z } from "zod";
import { SkillError } from "./skill-error";

const longest = 2 ** 16;

/** Names and descriptions as the Agent Skills specification has them, which the API follows: https://agentskills.io/specification */
const schema = z.object(
  {
    name: z
      .string("name is missing, or is no text")
      .max(64, "name has more than 64 characters")
      .regex(
        /^[a-z0-9]+(-[a-z0-9]+)*$/,
        "name must have lower-case letters and digits, with single hyphens between them",
      ),
    description: z
      .string("description is missing, or is no text")
      .trim()
      .min(1, "description is empty")
      .max(1024, "description has more than 1,024 characters"),
  },
  "its front matter cannot be used: it is not a list of `key: value`",
);

/**
 * The name and description in the front matter of a SKILL.md: YAML between two lines `---` at its beginning.
 * @throws SkillError
 */
export function frontMatterOf(manifest: Buffer): z.output<typeof schema> {
  const text = manifest.toString("utf8", 0, longest).replace(/^\uFEFF/, "");
  const [first, ...lines] = text.split(/\r?\n/).map((line) => line.trimEnd());
  const end = lines.indexOf("---");
  if (first !== "---" || end < 0)
    throw wrong("it does not begin with front matter, which is YAML between two lines `---`, at most 64 KB of it");
  const result = schema.safeParse(parsed(lines.slice(0, end)));
  if (result.success) return result.data;
  throw wrong(result.error.issues.map(({ message }) => message).join("; "));
}

function parsed(lines: readonly string[]): unknown {
  try {
    // An error's line is counted from the `---`. Plain values only, whatever the tags say.
    return load(["", ...lines].join("\n"));
  } catch (error) {
    const [why = ""] = String(error instanceof Error ? error.message : error).split("\n");
    throw wrong(`its front matter is not valid YAML: ${why}`);
  }
}

function wrong(why: string): SkillError {
  return new SkillError("OC1211", `SKILL.md: ${why}. Correct it`);
}
