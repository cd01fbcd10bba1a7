/** The width of a line, as formatters have it by default. */
export const columns = 80;

/** A property of an object as lines of code, laid out as formatters do: what fits in one line is there. */
export function property(name: string, value: unknown, indent: number): string {
  const start = `${" ".repeat(indent)}${name}:`;
  const line = `${start} ${inOneLine(value)},`;
  if (line.length <= columns) return line;
  if (typeof value === "string") return `${start}\n${" ".repeat(indent + 2)}${quoted(value)},`;
  const inner = Array.isArray(value)
    ? value.map((member) => `${" ".repeat(indent + 2)}${inOneLine(member)},`)
    : Object.entries(Object(value)).map(([key, member]) => property(key, member, indent + 2));
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return [`${start} ${open}`, ...inner, `${" ".repeat(indent)}${close},`].join("\n");
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
  return `{ ${parts.join(", ")} }`;
}

function hex(code: number): string {
  return code.toString(16).padStart(4, "0");
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
