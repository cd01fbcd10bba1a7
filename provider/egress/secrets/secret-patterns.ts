import type { Policy } from "../policy/policy";
import { type Needle, PatternSearch } from "./pattern-search";
import { base64, spellings } from "./spellings";

/** The most bytes for one byte of a secret in any spelling: base64, with each character as `\u002B`. */
const longestSpelling = 8;

const shortest = 8; // bytes of a spelling: a shorter one would be found everywhere by chance

/** The secrets in all spellings, which no response of any domain may carry into the sandbox. */
export class SecretPatterns {
  readonly search: PatternSearch;
  /** An upper bound of the bytes of the longest spelling, from the length of the longest secret alone. */
  readonly room: number;

  constructor({ secrets }: Pick<Policy, "secrets">) {
    this.search = new PatternSearch(needlesOf(secrets));
    const lengths = secrets.map(({ value }) => Buffer.byteLength(value));
    this.room = (Math.max(...lengths) + 1) * longestSpelling;
  }
}

function needlesOf(secrets: Policy["secrets"]): Needle[] {
  const needles = new Map<string, Needle>();
  for (const { name, value } of secrets) {
    const encoded = base64(Buffer.from(value, "utf8"));
    const headers = [{ text: value, before: 0, after: 0 }, ...encoded];
    for (const { text, before, after } of headers) {
      for (const spelled of spellings(text)) {
        const bytes = Buffer.from(spelled, "utf8");
        if (bytes.length >= shortest) needles.set(`${before}${after}${spelled}`, { bytes, name, before, after });
      }
    }
  }
  return [...needles.values()];
}
