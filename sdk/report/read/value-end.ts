const [quote, backslash] = Buffer.from('"\\');
const opening = new Set(Buffer.from("{["));
const closing = new Set(Buffer.from("}]"));
const afterScalar = new Set(Buffer.from(",:}] \t\r\n"));

/** Finds the end of a JSON value that comes in pieces. */
export class ValueEnd {
  private depth = 0;
  private isInText = false;
  private isEscaped = false;
  private isScalar = false;

  /** @returns how many bytes of this piece belong to the value, or -1 if it goes on */
  search(piece: Uint8Array): number {
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at] ?? 0;
      const end = this.isInText ? this.inText(byte) : this.outside(byte);
      if (end !== undefined) return at + end;
    }
    return -1;
  }

  /** @returns 1 where the byte is the last one of the value */
  private inText(byte: number): 1 | undefined {
    if (this.isEscaped) this.isEscaped = false;
    else if (byte === backslash) this.isEscaped = true;
    else if (byte === quote) {
      this.isInText = false;
      return this.depth === 0 ? 1 : undefined;
    }
    return undefined;
  }

  /** @returns the same, and 0 where the value ends before the byte */
  private outside(byte: number): 0 | 1 | undefined {
    if (byte === quote) this.isInText = true;
    else if (opening.has(byte)) this.depth += 1;
    else if (this.depth > 0) {
      if (closing.has(byte)) this.depth -= 1;
      return this.depth === 0 ? 1 : undefined;
    } else if (this.isScalar && afterScalar.has(byte)) return 0;
    else this.isScalar = true;
    return undefined;
  }
}
