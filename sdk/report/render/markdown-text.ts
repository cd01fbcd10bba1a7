import { visible } from "./visible";

/**
 * Texts of users and APIs in GitHub's and GitLab's Markdown. Backslashes and entities do not stop mentions, references to
 * issues or bare addresses, which are looked for in the rendered text, code aside. So whatever is no plain word is code.
 */

/** A text as code, with a fence that is longer than any inside. */
export function code(text: string): string {
  const shown = visible(text);
  if (shown.trim() === "") return "` `";
  const fence = "`".repeat(longestRun(shown) + 1);
  const pad = shown.startsWith("`") || shown.endsWith("`") || fence.length > 1 ? " " : "";
  return `${fence}${pad}${shown}${pad}${fence}`;
}

const nameOrSpace = /("(?:[^"\\]|\\.)*")|(\s+)/;
const plainWord =
  /^\(?\$?(?:[A-Za-z]+(?:[-'][A-Za-z]+)*|\d{1,6}(?:\.\d{1,6})?|\d{4}-\d{2}-\d{2}|\d{2}:\d{2}|\d{1,6}[a-z])\)?[.,:;]?\)?$/;

/** A sentence: quoted names and whatever is no plain word become code. */
export function sentence(text: string): string {
  const parts = text.split(nameOrSpace).filter((part) => part !== undefined && part !== "");
  return parts.map((part) => (/^\s+$/.test(part) ? " " : plainPart(part))).join("");
}

function plainPart(part: string): string {
  if (plainWord.test(part) || /^[.,:;]$/.test(part)) return part;
  const [, word = part, end = ""] = /^(.+?)([.,:;]?)$/s.exec(part) ?? [];
  return `${code(unquoted(word))}${end}`;
}

function unquoted(part: string): string {
  if (!/^".*"$/s.test(part)) return part;
  try {
    return String(JSON.parse(part));
  } catch {
    return part;
  }
}

/** In a table, where a pipe would end the cell, in code too. */
export function cell(markdown: string): string {
  return markdown.replaceAll("|", "\\|");
}

/** Lines as they are, in a block of code. */
export function block(lines: readonly string[]): string {
  const shown = lines.flatMap((line) => line.split("\n")).map(visible);
  const fence = "`".repeat(Math.max(2, longestRun(shown.join("\n"))) + 1);
  return [fence, ...shown, fence].join("\n");
}

function longestRun(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
}
