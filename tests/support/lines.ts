import assert from "node:assert/strict";

/** Each line matches the pattern of its position, and there are no others. */
export function assertLines(lines: readonly string[], patterns: readonly RegExp[]): void {
  assert.equal(lines.length, patterns.length, lines.join("\n"));
  for (const [at, pattern] of patterns.entries()) assert.match(lines[at] ?? "", pattern);
}
