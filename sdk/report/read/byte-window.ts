/** The part of a stream that is being read, in a buffer that grows to the largest value and no further. */
export class ByteWindow {
  private bytes = Buffer.alloc(0);
  /** The bytes before the window. */
  private passed = 0;
  private start = 0;
  private end = 0;
  private readonly chunks: AsyncIterator<Uint8Array>;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  get length(): number {
    return this.end - this.start;
  }

  /** The position of the window's first byte in the stream. */
  get position(): number {
    return this.passed + this.start;
  }

  /** @returns undefined past the end of the window */
  byte(at: number): number | undefined {
    return at < this.length ? this.bytes[this.start + at] : undefined;
  }

  /** @returns the position of a text in the window from a position on; -1 where there is none */
  find(text: string, from: number): number {
    return this.bytes.subarray(this.start, this.end).indexOf(text, from, "latin1");
  }

  /** @returns the position of the last such text that ends before a position; -1 where there is none */
  findLast(text: string, before: number): number {
    if (before < text.length) return -1;
    return this.bytes.subarray(this.start, this.start + before).lastIndexOf(text, undefined, "latin1");
  }

  /** The bytes of the window, which another read may overwrite. */
  view(from: number): Buffer {
    return this.bytes.subarray(this.start + from, this.end);
  }

  text(length: number): string {
    return this.bytes.toString("utf8", this.start, Math.min(this.end, this.start + length));
  }

  skip(length: number): void {
    this.start += length;
  }

  /** Reads on. @returns false at the end of the stream */
  async more(): Promise<boolean> {
    const { done, value } = await this.chunks.next();
    if (done) return false;
    this.makeRoom(value.length);
    this.bytes.set(value, this.end);
    this.end += value.length;
    return true;
  }

  private makeRoom(length: number): void {
    if (this.end + length <= this.bytes.length) return;
    const { bytes, start, end } = this;
    const needed = this.length + length;
    if (needed > bytes.length) this.bytes = Buffer.allocUnsafe(2 * needed);
    bytes.copy(this.bytes, 0, start, end);
    this.passed += start;
    this.start = 0;
    this.end = end - start;
  }
}
