import { ByteWindow } from "./byte-window";
import { ValueEnd } from "./value-end";

/** The stream ends before the JSON does. */
export class CutShortError extends Error {}

/** The text is not JSON. */
export class NotJsonError extends Error {
  constructor(position: number) {
    super(`not JSON at byte ${position}`);
  }
}

const [space, newline, brace] = Buffer.from(" \n{");
const whiteSpace = new Set(Buffer.from(" \t\r\n"));

/**
 * Reads JSON value by value, each by the engine's own JSON.parse: a tokenizer in JavaScript takes many times as long, and
 * one JSON.parse of the whole needs memory for the whole.
 */
export class JsonReader {
  private readonly window: ByteWindow;
  /** The spaces before the value that is read, where it begins a line. */
  private indentation = -1;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.window = new ByteWindow(chunks);
  }

  /** The next byte that is no white space, or undefined at the end. */
  async peek(): Promise<string | undefined> {
    const byte = await this.nextByte();
    return byte === undefined ? undefined : String.fromCharCode(byte);
  }

  /** Whether the next byte is this one, which is then read. @throws NotJsonError for one that is not in `others` */
  async take(byte: string, others = ""): Promise<boolean> {
    const next = await this.peek();
    if (next === undefined) throw new CutShortError();
    if (next !== byte && !others.includes(next)) throw new NotJsonError(this.window.position);
    if (next === byte) this.skip(1);
    return next === byte;
  }

  /**
   * The members of an object, each as it is reached: the caller reads its value before it asks for the next one.
   * @throws CutShortError or NotJsonError
   */
  async *keys(): AsyncGenerator<string> {
    await this.take("{");
    if (await this.take("}", '"')) return;
    do {
      const key = await this.value();
      if (typeof key !== "string") throw new NotJsonError(this.window.position);
      await this.take(":");
      yield key;
    } while (await this.take(",", "}"));
    await this.take("}");
  }

  /** The elements of an array; of any other value, itself. @throws CutShortError or NotJsonError */
  async *elements(): AsyncGenerator<unknown> {
    if ((await this.peek()) !== "[") {
      yield await this.value();
      return;
    }
    await this.take("[");
    if ((await this.peek()) !== "]") {
      do yield await this.value();
      while (await this.take(",", "]"));
    }
    await this.take("]");
  }

  /** @throws CutShortError or NotJsonError */
  async value(): Promise<unknown> {
    if ((await this.nextByte()) === undefined) throw new CutShortError();
    return (await this.indentedObject()) ?? (await this.anyValue());
  }

  /** Whether objects come one a line: Pulumi's events, the first of which begins with its `sequence`. */
  async isLines(): Promise<boolean> {
    const beginning = '{"sequence":';
    while (this.window.length < beginning.length && (await this.window.more())) {}
    return this.window.text(beginning.length) === beginning;
  }

  /** A line, without its end; undefined at the end of the stream. */
  async line(): Promise<{ text: string; position: number; isWhole: boolean } | undefined> {
    const { position } = this.window;
    const length = await this.until("\n", 0);
    if (length < 0 && this.window.length === 0) return undefined;
    const text = this.window.text(length < 0 ? this.window.length : length);
    this.window.skip(length < 0 ? this.window.length : length + 1);
    return { text, position, isWhole: length >= 0 };
  }

  /**
   * An object that is printed over several lines ends at the first line of its own indentation that closes a brace, as
   * texts in JSON have no line breaks. What is no JSON up to there was not printed so.
   */
  private async indentedObject(): Promise<unknown> {
    if (this.indentation < 0 || this.window.byte(0) !== brace || this.window.byte(1) !== newline) return undefined;
    const end = `\n${" ".repeat(this.indentation)}}`;
    const length = await this.until(end, 1);
    return length < 0 ? undefined : this.parsed(length + end.length, () => undefined);
  }

  private async anyValue(): Promise<unknown> {
    const length = await this.lengthOfValue();
    return this.parsed(length, () => {
      throw new NotJsonError(this.window.position);
    });
  }

  private parsed(length: number, otherwise: () => undefined): unknown {
    let value: unknown;
    try {
      value = JSON.parse(this.window.text(length));
    } catch {
      return otherwise();
    }
    this.skip(length);
    return value;
  }

  private skip(length: number): void {
    this.window.skip(length);
    this.indentation = -1;
  }

  /** Reads on until the window has a text. @returns its position, or -1 */
  private async until(text: string, from: number): Promise<number> {
    let at = from;
    for (;;) {
      const found = this.window.find(text, at);
      if (found >= 0) return found;
      at = Math.max(from, this.window.length - text.length + 1);
      if (!(await this.window.more())) return -1;
    }
  }

  /** The length of the value that begins the window. */
  private async lengthOfValue(): Promise<number> {
    const end = new ValueEnd();
    for (let at = 0; ; ) {
      const bytes = this.window.view(at);
      const length = end.search(bytes);
      if (length >= 0) return at + length;
      at += bytes.length;
      if (!(await this.window.more())) throw new CutShortError();
    }
  }

  /** Skips white space. @returns undefined at the end of the stream */
  private async nextByte(): Promise<number | undefined> {
    for (;;) {
      const byte = this.window.byte(0);
      if (byte === undefined) {
        if (!(await this.window.more())) return undefined;
        continue;
      }
      if (!whiteSpace.has(byte)) return byte;
      if (byte === newline) this.indentation = 0;
      else if (byte === space && this.indentation >= 0) this.indentation += 1;
      this.window.skip(1);
    }
  }
}
