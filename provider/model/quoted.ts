/** A text as JSON, so that a program can parse it, and without control characters, which a terminal could interpret. */
export function quoted(text: string): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text).replace(/\p{C}/gu, (character) => character.split("").map(escaped).join(""));
}
