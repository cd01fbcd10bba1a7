import { longestChunkLine, longestTrailer } from "../checks/limits";
import { notHttp, readFields } from "./response-head";

/** A chunk's size in hexadecimal, and its extensions, which say nothing here: RFC 9112, section 7.1. */
const name = "[!#$%&'*+\\-.^_`|~\\dA-Za-z]+";
const extension = `;${name}(?:=(?:${name}|"[\\t !#-\\[\\]-~\\x80-\\xff]*"))?`;
const sizeLine = new RegExp(`^([\\da-fA-F]{1,16})(?:${extension})*\\r\\n$`);

/** Fields that would change what was read already. */
const framingFields = new Set(["content-length", "transfer-encoding", "host", "connection", "upgrade"]);

/** Takes a chunked body apart. What stands behind its last chunk is read as strictly, and dropped. */
export class Chunks {
  isOver = false;
  private state: "size" | "data" | "end of data" | "trailer" = "size";
  private left = 0;
  /** A line that is not all there yet. */
  private line = "";

  constructor(private readonly out: (bytes: Buffer) => void) {}

  /** @returns where in `bytes` it ended, or their length. @throws BadAnswer */
  take(bytes: Buffer, from: number): number {
    let at = from;
    while (at < bytes.length && !this.isOver) {
      if (this.state === "data") at = this.takeData(bytes, at);
      else at = this.takeLine(bytes, at);
    }
    return at;
  }

  private takeData(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.left);
    this.left -= end - at;
    if (this.left === 0) this.state = "end of data";
    this.out(bytes.subarray(at, end));
    return end;
  }

  private takeLine(bytes: Buffer, at: number): number {
    const feed = bytes.indexOf(10, at);
    const end = feed < 0 ? bytes.length : feed + 1;
    const most = this.state === "trailer" ? longestTrailer : longestChunkLine;
    if (this.line.length + end - at > most) throw notHttp(`a ${this.state} of more than ${most} bytes`);
    this.line += bytes.toString("latin1", at, end);
    if (feed >= 0) this.judgeLine();
    return end;
  }

  private judgeLine(): void {
    if (this.state === "trailer") {
      if (this.line.endsWith("\r\n\r\n") || this.line === "\r\n") this.judgeTrailer();
      return;
    }
    if (this.state === "size") this.begin(this.line);
    else if (this.line === "\r\n") this.state = "size";
    else throw notHttp("a chunk that does not end where it said");
    this.line = "";
  }

  private begin(line: string): void {
    const [, digits] = sizeLine.exec(line) ?? [];
    if (digits === undefined) throw notHttp("a chunk without a size");
    this.left = Number.parseInt(digits, 16);
    if (!Number.isSafeInteger(this.left)) throw notHttp("a chunk without end");
    this.state = this.left === 0 ? "trailer" : "data";
  }

  private judgeTrailer(): void {
    const fields = readFields(this.line, 0);
    for (let index = 0; index < fields.length; index += 2) {
      if (framingFields.has(fields[index]?.toLowerCase() ?? "")) throw notHttp("a trailer that frames the answer");
    }
    this.isOver = true;
  }
}
