import type { codes } from "./areas";

export type Code = keyof typeof codes;

/** A message with its code at the front, by which scripts and docs/troubleshooting.md find it. */
export function coded(code: Code, text: string): string {
  return `${code}: ${text}`;
}
