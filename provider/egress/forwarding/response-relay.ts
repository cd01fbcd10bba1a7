import type { IncomingMessage, ServerResponse } from "node:http";
import { type AuditEntry, appendReason } from "../audit/audit-entry";
import { endAfterRequest } from "../inbound/error-responses";
import { countPassedBytes, freeBuffer } from "../outbound/buffer-memory";
import { corkForTurn } from "../outbound/cork";
import type { ResponseHead } from "../outbound/response-head";
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
  /** Whether parts of the response are being passed on, before `batchEnd` or `complete`. */
  private isInBatch = false;
  /** The last bytes of this turn: the response's end may follow. */
  private last: Buffer | undefined;
  private flush: NodeJS.Immediate | undefined;
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
    this.flush = setImmediate(() => response.flushHeaders());
  }

  data(bytes: Buffer): void {
    this.isInBatch = true;
    this.body?.write(bytes);
  }

  batchEnd(): void {
    this.body?.batchEnd();
    this.isInBatch = false;
    if (this.last) this.write(this.last);
    this.last = undefined;
  }

  complete(): void {
    this.isInBatch = true;
    this.body?.end();
    this.batchEnd();
  }

  /** Sends nothing more to the client. */
  close(): void {
    clearImmediate(this.flush);
    this.body?.close();
  }

  send(bytes: Buffer): void {
    this.exchange.entry.bytesDown += bytes.length;
    countPassedBytes(bytes.length);
    if (this.last) this.write(this.last);
    this.last = undefined;
    if (this.isInBatch) this.last = bytes;
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

  private write(bytes: Buffer): void {
    const { response } = this.exchange;
    if (response.destroyed) return;
    clearImmediate(this.flush);
    if (response.socket) corkForTurn(response.socket);
    if (response.write(bytes, () => freeBuffer(bytes)) || this.isPaused) return;
    this.isPaused = true;
    this.body?.pause();
    response.once("drain", () => {
      this.isPaused = false;
      this.body?.resume();
    });
  }
}
