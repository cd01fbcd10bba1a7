import { longestHead, mostInterim } from "../checks/limits";
import { ChunkedDecoder } from "./chunked-decoder";
import { InvalidResponse, invalidHttp, type ResponseHead, readHead } from "./response-head";

/** As bytes, as a search for a string converts it each time. */
const endOfHead = Buffer.from("\r\n\r\n");

/** Receives the parts of a response, in their order. */
export interface ResponseParts {
  interim(status: number): void;
  head(head: ResponseHead): void;
  /** Of the body. */
  data(bytes: Buffer): void;
}

/**
 * Reads one response, more strictly than Node's own parser: accepted bytes mean the same there, and bytes that could be read
 * in two ways are an error (tests/egress/response-parser.test.ts compares both).
 */
export class ResponseParser {
  /** Whether the response is complete. */
  isOver = false;
  /** Whether bytes came behind its end. */
  hasSurplus = false;
  /** Milliseconds for which the connection may be kept after it. */
  keepAliveMs = 0;
  private interims = 0;
  private held: Buffer | undefined;
  private hasHead = false;
  /** Missing bytes of the body, infinite if the connection's end is its end. */
  private left = 0;
  private chunks: ChunkedDecoder | undefined;

  constructor(
    private readonly isHeadRequest: boolean,
    private readonly parts: ResponseParts,
  ) {}

  /** @throws InvalidResponse */
  parse(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length && !this.isOver) {
      if (!this.hasHead) at = this.parseHead(bytes, at);
      else if (this.chunks) at = this.parseChunks(this.chunks, bytes, at);
      else at = this.parseBody(bytes, at);
    }
    if (at < bytes.length) this.hasSurplus = true;
  }

  /** The connection has ended. @returns whether the response is complete */
  finish(): boolean {
    if (this.left === Number.POSITIVE_INFINITY) this.isOver = true;
    return this.isOver;
  }

  private parseHead(bytes: Buffer, at: number): number {
    const before = this.held?.length ?? 0;
    const all = this.held ? Buffer.concat([this.held, bytes]) : bytes.subarray(at);
    const end = all.indexOf(endOfHead, Math.max(0, before - 3));
    if (end < 0) {
      validatePartialHead(all, before);
      this.held = Buffer.from(all);
      return bytes.length;
    }
    this.held = undefined;
    this.begin(readHead(all.toString("latin1", 0, end + 4), this.isHeadRequest));
    return at + end + 4 - before;
  }

  private begin(head: ResponseHead): void {
    if (head.status < 200) {
      this.countInterim(head);
      return;
    }
    this.hasHead = true;
    this.keepAliveMs = head.keepAliveMs;
    const { framing } = head;
    if (framing.kind === "chunked") this.chunks = new ChunkedDecoder((piece) => this.parts.data(piece));
    else this.left = framing.kind === "length" ? framing.bytes : Number.POSITIVE_INFINITY;
    this.parts.head(head);
    if (!this.chunks && this.left === 0) this.isOver = true;
  }

  /** Their number is bounded by nothing else. */
  private countInterim({ status, length, fields, keepAliveMs }: ResponseHead): void {
    if (status === 101) throw new InvalidResponse("a change of protocol that was not requested");
    const isChunked = fields.some((name, index) => index % 2 === 0 && name.toLowerCase() === "transfer-encoding");
    if (length !== undefined || isChunked) throw invalidHttp("an interim response with a body");
    if (keepAliveMs === 0) throw invalidHttp("an interim response that ends the connection");
    if (++this.interims > mostInterim) throw new InvalidResponse(`more than ${mostInterim} interim responses`);
    this.parts.interim(status);
  }

  private parseBody(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.left);
    this.left -= end - at;
    if (this.left === 0) this.isOver = true;
    this.parts.data(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
    return end;
  }

  private parseChunks(chunks: ChunkedDecoder, bytes: Buffer, at: number): number {
    const end = chunks.decode(bytes, at);
    this.isOver = chunks.isOver;
    return end;
  }
}

const beginning = "HTTP/1.";

/** Rejects an incomplete head at its first wrong byte, as nobody should wait for the rest. @throws InvalidResponse */
function validatePartialHead(bytes: Buffer, from: number): void {
  if (bytes.length > longestHead) throw new InvalidResponse("a head of more than 32 KiB");
  const first = bytes.toString("latin1", 0, beginning.length);
  if (!beginning.startsWith(first)) throw invalidHttp("no status line");
  let before = from === 0 ? 0 : bytes[from - 1];
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if ((before === 13) !== (byte === 10)) throw invalidHttp("a line end other than CR LF");
    before = byte;
  }
}
