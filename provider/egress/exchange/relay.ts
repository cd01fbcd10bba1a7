import type { IncomingMessage, ServerResponse } from "node:http";
import { type Entry, joined } from "../audit/audit";
import { passed, release } from "../outbound/garbage";
import { gather } from "../outbound/gather";
import type { ResponseHead } from "../outbound/response-head";
import { endBehind } from "./error-responses";
import { responseFields } from "./headers";
import { judgeAnswer, type Outgoing } from "./outgoing";
import { type Exit, type Passage, passageFor, type Source } from "./passage";

/** What is under way for one request. */
export interface Exchange {
  readonly host: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly outgoing: Outgoing;
  readonly entry: Entry;
}

/**
 * Hands an answer on, no faster than the client takes it. What came in one turn goes out in one packet, with the head if
 * it is the first. A head alone waits for no byte of a body (events, long polls), but for the end of the turn, in which one
 * may still come.
 */
export class Relay implements Exit {
  private passage: Passage | undefined;
  /** Whether parts of the answer are being told, after which `turned` or `complete` comes. */
  private isInTurn = false;
  /** What came last in this turn: the answer's end may follow. */
  private last: Buffer | undefined;
  private flush: NodeJS.Immediate | undefined;
  private isPaused = false;

  constructor(
    private readonly exchange: Exchange,
    private readonly source: Source,
  ) {}

  /** @throws Refused */
  head(head: ResponseHead): void {
    const { request, response, outgoing, entry, host } = this.exchange;
    if (request.method !== "HEAD") judgeAnswer(outgoing, host, head);
    const fields = responseFields(head, outgoing.mask?.texts);
    this.passage = passageFor(head, outgoing.mask, this.source, this);
    // What a client still sends of a body would be taken for its next request.
    if (!request.complete) response.shouldKeepAlive = false;
    response.sendDate = false;
    entry.status = head.status;
    response.writeHead(head.status, fields);
    this.flush = setImmediate(() => response.flushHeaders());
  }

  piece(bytes: Buffer): void {
    this.isInTurn = true;
    this.passage?.write(bytes);
  }

  turned(): void {
    this.passage?.rest();
    this.isInTurn = false;
    if (this.last) this.write(this.last);
    this.last = undefined;
  }

  complete(): void {
    this.isInTurn = true;
    this.passage?.end();
    this.turned();
  }

  /** Nothing more goes to the client. */
  close(): void {
    clearImmediate(this.flush);
    this.passage?.close();
  }

  out(bytes: Buffer): void {
    this.exchange.entry.bytesDown += bytes.length;
    passed(bytes.length);
    if (this.last) this.write(this.last);
    this.last = undefined;
    if (this.isInTurn) this.last = bytes;
    else this.write(bytes);
  }

  end(): void {
    const { request, response } = this.exchange;
    if (response.destroyed) return;
    clearImmediate(this.flush);
    const { last } = this;
    this.last = undefined;
    if (request.complete) {
      response.end(last);
      return;
    }
    if (last) response.write(last);
    else response.flushHeaders();
    endBehind(request, response);
  }

  cut(reason: string): void {
    const { response, entry } = this.exchange;
    entry.reason = joined(entry.reason, reason);
    response.destroy(); // the client must not take half an answer for a whole one
  }

  isBehind(): boolean {
    return this.isPaused;
  }

  private write(bytes: Buffer): void {
    const { response } = this.exchange;
    if (response.destroyed) return;
    clearImmediate(this.flush);
    if (response.socket) gather(response.socket);
    if (response.write(bytes, () => release(bytes)) || this.isPaused) return;
    this.isPaused = true;
    this.passage?.pause();
    response.once("drain", () => {
      this.isPaused = false;
      this.passage?.resume();
    });
  }
}
