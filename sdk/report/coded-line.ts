import type { PreviewLine } from "./preview";

/** A part of a line that names what a list gains or loses: `now reachable "a.example.com", "b.example.com"`. */
export interface Clause {
  /** `now reachable` */
  readonly change: string;
  readonly names: readonly string[];
}

/** A line as Pulumi's JSON has it, with its severity in front and a line break behind. */
export function previewLine(message: string, severity: PreviewLine["severity"]): PreviewLine {
  const text = message.replace(/^(?:warning|error|info): /, "").trim();
  const [, code, rest = text] = /^(OC\d{4}): (.*)$/s.exec(text) ?? [];
  return { code, text: rest, severity };
}

const clause = /([^";]+?) ?((?:"(?:[^"\\]|\\.)*"(?:, )?)*)(?:; |$)/gy;
const quotedName = /"(?:[^"\\]|\\.)*"/g;

/** The clauses of the text of such a line: `allowed domains: now reachable "a.example.com"; no longer reachable "b"`. */
export function clausesOf(text: string): Clause[] {
  const list = text.slice(text.indexOf(": ") + 2);
  return Array.from(list.matchAll(clause), ([, change = "", names = ""]) => ({
    change,
    names: Array.from(names.matchAll(quotedName), ([quoted]) => String(JSON.parse(quoted))),
  }));
}
