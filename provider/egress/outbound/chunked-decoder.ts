import { longestChunkLine, longestTrailer } from "../checks/limits";
import { invalidHttp, readFields } from "./response-head";

/** A chunk's size in hexadecimal, and its extensions, which are ignored: RFC 9112, section 7.1. */
const name = "[!#$%&'*+\\-.^_`|~\\dA-Za-z]+";
const extension = `;${name}(?:=(?:${name}|"[\\t !#-\\[\\]-~\\x80-\\xff]*"))?`;
const sizeLine = new RegExp(`^([\\da-fA-F]{1,16})(?:${extension})*\\r\\n$`);

/** Fields that would change the framing of what was read already. */
const framingFields = new Set(["content-length", "transfer-encoding", "host", "connection", "upgrade"]);

/** Decodes a chunked body. The trailer behind its last chunk is validated as strictly, and dropped. */
export class ChunkedDecoder {
  isOver = false;
  private state: "size" | "data" | "end of data" | "trailer" = "size";
  private left = 0;
  /** The received part of a line. */
  private line = "";

  constructor(private readonly out: (bytes: Buffer) => void) {}

  /** @returns where in `bytes` it ended, or their length. @throws InvalidResponse */
  decode(bytes: Buffer, from: number): number {
    let at = from;
    while (at < bytes.length && !this.isOver) {
      if (this.state === "data") at = this.decodeData(bytes, at);
      else at = this.decodeLine(bytes, at);
    }
    return at;
  }

  private decodeData(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.left);
    this.left -= end - at;
    if (this.left === 0) this.state = "end of data";
    this.out(bytes.subarray(at, end));
    return end;
  }

  private decodeLine(bytes: Buffer, at: number): number {
    const feed = bytes.indexOf(10, at);
    const end = feed < 0 ? bytes.length : feed + 1;
    const most = this.state === "trailer" ? longestTrailer : longestChunkLine;
    if (this.line.length + end - at > most) throw invalidHttp(`a ${this.state} of more than ${most} bytes`);
    this.line += bytes.toString("latin1", at, end);
    if (feed >= 0) this.endLine();
    return end;
  }

  private endLine(): void {
    if (this.state === "trailer") {
      if (this.line.endsWith("\r\n\r\n") || this.line === "\r\n") this.endTrailer();
      return;
    }
    if (this.state === "size") this.beginChunk(this.line);
    else if (this.line === "\r\n") this.state = "size";
    else throw invalidHttp("a chunk longer than its size");
    this.line = "";
  }

  private beginChunk(line: string): void {
    const [, digits] = sizeLine.exec(line) ?? [];
    if (digits === undefined) throw invalidHttp("a chunk without a size");
    this.left = Number.parseInt(digits, 16);
    if (!Number.isSafeInteger(this.left)) throw invalidHttp("a chunk of unlimited size");
    this.state = this.left === 0 ? "trailer" : "data";
  }

  private endTrailer(): void {
    const fields = readFields(this.line, 0);
    for (let index = 0; index < fields.length; index += 2) {
      if (framingFields.has(fields[index]?.toLowerCase() ?? ""))
        throw invalidHttp("a trailer with a field that frames the response");
    }
    this.isOver = true;
  }
}
