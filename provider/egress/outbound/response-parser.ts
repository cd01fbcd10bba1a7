import { longestHead, mostInterim } from "../checks/limits";
import { Chunks } from "./chunks";
import { BadAnswer, notHttp, type ResponseHead, readHead } from "./response-head";

/** Takes the parts of an answer, in their order. */
export interface AnswerParts {
  interim(status: number): void;
  head(head: ResponseHead): void;
  /** Of the body. */
  piece(bytes: Buffer): void;
}

/**
 * Reads one answer, more strictly than Node's own parser: what is accepted here is read alike there, and whatever could
 * be read in two ways is an error (tests/egress/answer-parser.test.ts compares both).
 */
export class AnswerParser {
  /** Whether the answer has come to its end. */
  isOver = false;
  /** Whether more came behind its end. */
  hasSurplus = false;
  /** Milliseconds for which the connection may be kept behind it. */
  keptMs = 0;
  private interims = 0;
  private held: Buffer | undefined;
  private hasHead = false;
  /** Bytes of the body that are to come, without number if the connection's end is its end. */
  private left = 0;
  private chunks: Chunks | undefined;

  constructor(
    private readonly isAnswerToHead: boolean,
    private readonly parts: AnswerParts,
  ) {}

  /** @throws BadAnswer */
  take(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length && !this.isOver) {
      if (!this.hasHead) at = this.takeHead(bytes, at);
      else if (this.chunks) at = this.takeChunks(this.chunks, bytes, at);
      else at = this.takeBody(bytes, at);
    }
    if (at < bytes.length) this.hasSurplus = true;
  }

  /** The connection has ended. @returns whether the answer is a whole one */
  finish(): boolean {
    if (this.left === Number.POSITIVE_INFINITY) this.isOver = true;
    return this.isOver;
  }

  private takeHead(bytes: Buffer, at: number): number {
    const before = this.held?.length ?? 0;
    const all = this.held ? Buffer.concat([this.held, bytes]) : bytes.subarray(at);
    const end = all.indexOf("\r\n\r\n", Math.max(0, before - 3), "latin1");
    if (end < 0) {
      judgeBeginning(all, before);
      this.held = Buffer.from(all);
      return bytes.length;
    }
    this.held = undefined;
    this.begin(readHead(all.toString("latin1", 0, end + 4), this.isAnswerToHead));
    return at + end + 4 - before;
  }

  private begin(head: ResponseHead): void {
    if (head.status < 200) {
      this.countInterim(head);
      return;
    }
    this.hasHead = true;
    this.keptMs = head.keptMs;
    const { framing } = head;
    if (framing.kind === "chunked") this.chunks = new Chunks((piece) => this.parts.piece(piece));
    else this.left = framing.kind === "length" ? framing.bytes : Number.POSITIVE_INFINITY;
    this.parts.head(head);
    if (!this.chunks && this.left === 0) this.isOver = true;
  }

  /** Their number is bounded by nothing else. */
  private countInterim({ status, length, fields, keptMs }: ResponseHead): void {
    if (status === 101) throw new BadAnswer("changes the protocol unasked");
    const isChunked = fields.some((name, index) => index % 2 === 0 && name.toLowerCase() === "transfer-encoding");
    if (length !== undefined || isChunked) throw notHttp("an interim answer with a body");
    if (keptMs === 0) throw notHttp("an interim answer that ends the connection");
    if (++this.interims > mostInterim) throw new BadAnswer(`sends more than ${mostInterim} interim answers`);
    this.parts.interim(status);
  }

  private takeBody(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.left);
    this.left -= end - at;
    if (this.left === 0) this.isOver = true;
    this.parts.piece(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
    return end;
  }

  private takeChunks(chunks: Chunks, bytes: Buffer, at: number): number {
    const end = chunks.take(bytes, at);
    this.isOver = chunks.isOver;
    return end;
  }
}

const beginning = "HTTP/1.";

/** What is wrong already in a head that is not all there: nobody is to wait for the rest. @throws BadAnswer */
function judgeBeginning(bytes: Buffer, from: number): void {
  if (bytes.length > longestHead) throw new BadAnswer("answers with a head of more than 32 KiB");
  const first = bytes.toString("latin1", 0, beginning.length);
  if (!beginning.startsWith(first)) throw notHttp("no status line");
  let before = from === 0 ? 0 : bytes[from - 1];
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if ((before === 13) !== (byte === 10)) throw notHttp("a line end other than CR LF");
    before = byte;
  }
}
