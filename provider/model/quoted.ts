/** A text as JSON, so that a program can parse it, and without control characters, which a terminal could interpret. */
export function quoted(text: string): string {
  return escaped(JSON.stringify(text));
}

/** A text of somebody else with its control and invisible characters escaped, for a message. */
export function escaped(text: string): string {
  const code = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return text
    .replaceAll("\n", String.raw`\n`)
    .replace(/\p{C}/gu, (character) => character.split("").map(code).join(""));
}

const longest = 200;

/** A name for a message, without what is past its first 200 characters. */
export function shortened(name: string): string {
  return name.length > longest ? `${name.slice(0, longest)}…` : name;
}
