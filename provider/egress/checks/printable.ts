/**
 * Text from outside, for a log line or a response: bounded, and in printable ASCII, so that it can neither end a line
 * nor move a terminal's cursor (the C1 controls are no longer than one character in Latin-1 either).
 */
export function printable(text: string, longest = 255): string {
  const short = text.length > longest ? `${text.slice(0, longest)}...` : text;
  return short.replace(/[^\x20-\x7e]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
