import type { IncomingMessage, ServerResponse } from "node:http";
import { type AuditEntry, appendReason } from "../audit/audit-entry";
import { endAfterRequest } from "../inbound/error-responses";
import { countPassedBytes, freeBuffer } from "../outbound/buffer-memory";
import type { ResponseHead } from "../outbound/response-head";
import { mostUnsent, TurnBatch } from "../outbound/turn-batch";
import { responseFields } from "./forwarded-headers";
import { type PreparedRequest, requireSearchable } from "./prepare-request";
import { type BodyPipeline, type BodySink, type FlowControl, responseBodyPipeline } from "./response-body";

/** One request and its response. */
export interface Exchange {
  readonly host: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly prepared: PreparedRequest;
  readonly entry: AuditEntry;
}

/**
 * Forwards a response, no faster than the client reads it. Bytes of one turn of the event loop are sent in one packet, the
 * first ones with the head. A head alone does not wait for the body (server-sent events, long polls), only for the end of the
 * turn, in which its first bytes may still come.
 */
export class ResponseRelay implements BodySink {
  private body: BodyPipeline | undefined;
  private readonly batch = new TurnBatch((pieces) => this.endTurn(pieces));
  private isHeadSent = false;
  private isPaused = false;

  constructor(
    private readonly exchange: Exchange,
    private readonly source: FlowControl,
  ) {}

  /** @throws ProxyError */
  head(head: ResponseHead): void {
    const { request, response, prepared, entry, host } = this.exchange;
    if (request.method !== "HEAD") requireSearchable(prepared, host, head);
    const fields = responseFields(head, prepared.mask?.texts);
    this.body = responseBodyPipeline(head, prepared.mask, this.source, this);
    // The rest of the request's body would be read as the next request.
    if (!request.complete) response.shouldKeepAlive = false;
    response.sendDate = false;
    entry.status = head.status;
    response.writeHead(head.status, fields);
    this.batch.begin();
  }

  data(bytes: Buffer): void {
    this.batch.add(bytes);
  }

  complete(): void {
    this.body?.end(this.batch.take());
  }

  /** Sends nothing more to the client. */
  close(): void {
    this.batch.take();
    this.body?.close();
  }

  send(pieces: readonly Buffer[]): void {
    const { response } = this.exchange;
    for (const bytes of pieces) this.write(bytes);
    if (this.isPaused || response.writableLength <= mostUnsent) return;
    this.isPaused = true;
    this.body?.pause();
    response.once("drain", () => {
      this.isPaused = false;
      this.body?.resume();
    });
  }

  end(pieces: readonly Buffer[]): void {
    const { request, response } = this.exchange;
    const last = request.complete ? pieces.at(-1) : undefined;
    for (const bytes of pieces) if (bytes !== last) this.write(bytes);
    if (response.destroyed) return;
    if (request.complete) {
      if (last) this.count(last);
      response.end(last);
      return;
    }
    if (!this.isHeadSent) response.flushHeaders();
    endAfterRequest(request, response);
  }

  abort(reason: string): void {
    const { response, entry } = this.exchange;
    entry.reason = appendReason(entry.reason, reason);
    response.destroy(); // the client must not read half a response as a whole one
  }

  isBlocked(): boolean {
    return this.isPaused;
  }

  private endTurn(pieces: Buffer[]): void {
    if (pieces.length > 0) this.body?.write(pieces);
    if (!this.isHeadSent) this.exchange.response.flushHeaders();
    this.isHeadSent = true;
  }

  private write(bytes: Buffer): void {
    const { response } = this.exchange;
    this.count(bytes);
    if (response.destroyed) return;
    this.isHeadSent = true;
    response.write(bytes, () => freeBuffer(bytes));
  }

  private count(bytes: Buffer): void {
    this.exchange.entry.bytesDown += bytes.length;
    countPassedBytes(bytes.length);
  }
}
