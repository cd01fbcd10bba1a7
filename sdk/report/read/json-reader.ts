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
  /** The spaces before the key whose value is read. */
  private keyIndentation = -1;
  /** Whether each value that was read was printed as indentation says. */
  private isIndented = true;

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
      await this.nextByte();
      this.keyIndentation = this.indentation;
      const key = await this.value();
      if (typeof key !== "string") throw new NotJsonError(this.window.position);
      await this.take(":");
      yield key;
    } while (await this.take(",", "}"));
    await this.take("}");
  }

  /** @throws NotJsonError where more follows */
  async end(): Promise<void> {
    if ((await this.nextByte()) !== undefined) throw new NotJsonError(this.window.position);
  }

  /** The elements of an array; of any other value, itself. @throws CutShortError or NotJsonError */
  async *elements(): AsyncGenerator<unknown> {
    if ((await this.peek()) !== "[") {
      yield await this.value();
      return;
    }
    await this.take("[");
    if ((await this.peek()) !== "]") {
      do yield* (await this.indentedObjects()) ?? [await this.value()];
      while (await this.take(",", "]"));
    }
    await this.take("]");
  }

  /** @throws CutShortError or NotJsonError */
  async value(): Promise<unknown> {
    if ((await this.nextByte()) === undefined) throw new CutShortError();
    const length = await this.lengthOfValue();
    const parsed = this.parsed(this.window.text(length));
    if (!parsed) throw new NotJsonError(this.window.position);
    this.skip(length);
    return parsed.value;
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
    const length = await this.until("\n");
    if (length < 0 && this.window.length === 0) return undefined;
    const text = this.window.text(length < 0 ? this.window.length : length);
    this.window.skip(length < 0 ? this.window.length : length + 1);
    return { text, position, isWhole: length >= 0 };
  }

  /**
   * The elements of a list that the window has, if they are objects over several lines: far faster than one by one. Texts
   * in JSON have no line breaks, so each ends at a line with a brace at its own indentation, and the list at a line with a
   * bracket at that of its key. What is no JSON up to there was not printed so.
   */
  private async indentedObjects(): Promise<unknown[] | undefined> {
    if (!this.isIndented || (await this.nextByte()) !== brace || this.indentation < 0) return undefined;
    const end = `\n${" ".repeat(this.indentation)}}`;
    if ((await this.until(end)) < 0) return undefined;
    const listEnd = this.window.find(`\n${" ".repeat(Math.max(0, this.keyIndentation))}]`, 0);
    const found = this.objectsUpTo(end, listEnd < 0 ? this.window.length : listEnd);
    this.isIndented = found !== undefined;
    return found;
  }

  private objectsUpTo(end: string, limit: number): unknown[] | undefined {
    const last = this.window.findLast(end, limit);
    if (last < 0) return undefined;
    const length = last + end.length;
    const list = this.parsed(`[${this.window.text(length)}]`)?.value;
    if (!Array.isArray(list)) return undefined;
    this.skip(length);
    return list;
  }

  /** As an object, since JSON has null too; undefined for what is no JSON. */
  private parsed(text: string): { value: unknown } | undefined {
    try {
      return { value: JSON.parse(text) };
    } catch {
      return undefined;
    }
  }

  private skip(length: number): void {
    this.window.skip(length);
    this.indentation = -1;
  }

  /** Reads on until the window has a text. @returns its position, or -1 */
  private async until(text: string): Promise<number> {
    for (let from = 0; ; ) {
      const found = this.window.find(text, from);
      if (found >= 0) return found;
      from = Math.max(0, this.window.length - text.length + 1);
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
