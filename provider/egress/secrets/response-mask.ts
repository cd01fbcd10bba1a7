import type { Transform } from "node:stream";
import { appendReason } from "../audit/audit-entry";
import { HeldBytes } from "./held-bytes";
import { MaskedStream } from "./masked-body";
import type { SecretPatterns } from "./secret-patterns";

/**
 * Masks secrets in one response, as an upstream may echo a request. Asterisks replace each secret byte by byte, so that
 * lengths and framing stay true. It finds the usual spellings and no other transformation.
 */
export class ResponseMask {
  /** The names of the secrets that were found. */
  readonly found = new Set<string>();

  constructor(private readonly patterns: SecretPatterns) {}

  /** Names and values. Searched together first, as hardly any response has a secret there. */
  readonly texts = (all: string[]): string[] => {
    const isClean = this.patterns.search.find([Buffer.from(all.join("\n"), "latin1")], 0).length === 0;
    return isClean ? all : all.map((text) => this.masked(text));
  };

  private masked(value: string): string {
    const bytes = Buffer.from(value, "latin1");
    const matches = this.patterns.search.find([bytes], 0);
    if (matches.length === 0) return value;
    for (const { start, end, name } of matches) {
      bytes.fill("*", start, Math.min(end, bytes.length));
      this.found.add(name);
    }
    return bytes.toString("latin1");
  }

  /** The reason for the log, with the secrets that were found. */
  withFound(reason: string): string {
    if (this.found.size === 0) return reason;
    return appendReason(reason, `masked in the response: the secret ${[...this.found].join(", ")}`);
  }

  newHeldBytes(): HeldBytes {
    return new HeldBytes(this.patterns, this.found);
  }

  /** For a body that is a stream. */
  bodyStream(): Transform {
    return new MaskedStream(this.newHeldBytes());
  }
}
