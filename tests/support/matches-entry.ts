import assert from "node:assert/strict";
import { codes } from "../../provider/codes/areas";

/** Asserts that a message begins with this code, and has the words of its entry in the table of codes. */
export function assertMatchesEntry(message: string, code: keyof typeof codes): void {
  const prefix = `${code}: `;
  assert.ok(message.startsWith(prefix), `${message} has another code than ${code}`);
  const text = message.slice(prefix.length);
  const [first = "", ...parts] = codes[code].message.split("…");
  assert.ok(first.length + parts.length > 0 && text.startsWith(first), `${message} does not begin with: ${first}`);
  let at = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    assert.ok(found >= 0, `${message} does not have: ${part}`);
    at = found + part.length;
  }
}
