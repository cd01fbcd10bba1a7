const columns = 80; // as formatters have by default

/** A value as code, formatted as by a formatter: objects in one line if they fit, otherwise a line for each property. */
export function literal(value: unknown, indent: number, used: number): string {
  const line = inOneLine(value);
  if (used + line.length <= columns || typeof value !== "object" || value === null) return line;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const parts = Array.isArray(value)
    ? value.map((member) => ["", member] as const)
    : Object.entries(value).map(([key, member]) => [`${key}: `, member] as const);
  const inner = indent + 2;
  const lines = parts.map(
    ([key, member]) => `${" ".repeat(inner)}${key}${literal(member, inner, inner + key.length + 1)},\n`,
  );
  return `${open}\n${lines.join("")}${" ".repeat(indent)}${close}`;
}

/** Text that cannot end a string or a comment early. */
export function quoted(text: string): string {
  const json = JSON.stringify(text).replace(unseen, (character) =>
    Array.from({ length: character.length }, (_, at) => `\\u${hex(character.charCodeAt(at))}`).join(""),
  );
  // The quotes that need fewer escapes, as formatters choose them.
  if (count(text, '"') <= count(text, "'")) return json;
  return `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** JSON leaves characters as they are that cannot be seen, end a line, or change the direction of text. */
const unseen = /[\p{C}\p{Zl}\p{Zp}]/gu;

function inOneLine(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(inOneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const parts = Object.entries(value).map(([key, member]) => `${key}: ${inOneLine(member)}`);
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

function hex(code: number): string {
  return code.toString(16).padStart(4, "0");
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
