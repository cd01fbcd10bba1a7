import { visible } from "./visible";

/**
 * Texts of users and APIs in GitHub's and GitLab's Markdown. Backslashes and entities do not stop mentions, references to
 * issues or bare addresses, which are looked for in the rendered text, code aside. So whatever is no plain word is code.
 */

const longestName = 300;

/** A text as code, with a fence that is longer than any inside. */
export function code(text: string): string {
  const shown = cut(visible(text), longestName);
  if (shown.trim() === "") return "` `";
  const fence = "`".repeat(longestRun(shown) + 1);
  const pad = shown.startsWith("`") || shown.endsWith("`") || fence.length > 1 ? " " : "";
  return `${fence}${pad}${shown}${pad}${fence}`;
}

const plainWord =
  /^\(?(?:[A-Za-z]+(?:[-'][A-Za-z]+)*|\d{1,6}(?:\.\d{1,6})?|\d{4}-\d{2}-\d{2}|\d{2}:\d{2}|\d{1,6}[a-z])\)?[.,:;]?\)?$/;

/** A sentence: quoted names become code, and so do words in a row that are not plain. */
export function sentence(text: string): string {
  const parts = Array.from(text.matchAll(/"(?:[^"\\]|\\.)*"[^\s"]*|\S+/g), ([part]) => part);
  const shown: string[] = [];
  let odd: string[] = [];
  const flush = () => {
    if (odd.length > 0) shown.push(codeOf(odd.join(" ")));
    odd = [];
  };
  for (const part of parts) {
    const isQuoted = part.startsWith('"');
    const isPlain = plainWord.test(part);
    if (isQuoted || isPlain) flush();
    if (isPlain) shown.push(part);
    else odd.push(part);
    if (isQuoted || /[.,:;]$/.test(part)) flush();
  }
  flush();
  return shown.join(" ");
}

/** Without the quotation marks, and with a mark of punctuation behind it. */
function codeOf(text: string): string {
  const [, name = text, end = ""] = /^(.+?)([.,:;]?)$/s.exec(text) ?? [];
  return `${code(unquoted(name))}${end}`;
}

function unquoted(part: string): string {
  if (!/^".*"$/s.test(part)) return part;
  try {
    return String(JSON.parse(part));
  } catch {
    return part;
  }
}

/** A text up to a length, with a mark where it goes on. */
export function cut(text: string, characters: number): string {
  return text.length > characters ? `${text.slice(0, characters).replace(/[\ud800-\udbff]$/, "")}…` : text;
}

/** In a table, where a pipe would end the cell, in code too. */
export function cell(markdown: string): string {
  return markdown.replaceAll("|", "\\|");
}

/** A text of several lines, up to a length, in a block of code. */
export function block(text: string, characters: number): string {
  const shown = cut(text.split("\n").map(visible).join("\n"), characters);
  const fence = "`".repeat(Math.max(2, longestRun(shown)) + 1);
  return [fence, shown, fence].join("\n");
}

function longestRun(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
}
