import type { Setting } from "../../config";
import { UnreachableError } from "../backend";

const unsendable: readonly [kind: string, pattern: RegExp][] = [
  ["a line break", /[\r\n]/],
  ["a control character", /\p{Cc}/u],
  ["a character outside ASCII, such as a typographic dash", /[^ -~]/],
];

/**
 * Asserts that a setting can be a header's value. Where it cannot, fetch fails before it sends anything, and quotes it.
 * @throws UnreachableError
 */
export function assertHeaderValue({ value, source }: Setting): void {
  const [kind] = unsendable.find(([, pattern]) => pattern.test(value)) ?? [];
  if (!kind) return;
  throw new UnreachableError(
    "OC2134",
    `${source} holds ${kind}, which no request to the API can carry`,
    "Set it again, as one line of plain ASCII text",
  );
}
