/**
 * A text with every character made visible that a terminal would interpret, or that hides or turns text around: controls,
 * zero-width and bidirectional ones (https://trojansource.codes), and half surrogates. A line break becomes `\n`.
 */
export function visible(text: string): string {
  return text
    .replace(ansi, "")
    .replaceAll("\n", String.raw`\n`)
    .replace(hiding, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const ansi = /\u001b\[[0-9;]*m/g;
const hiding = /[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu;
