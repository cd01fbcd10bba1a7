import type { IncomingMessage, ServerResponse } from "node:http";
import { type Entry, joined } from "../audit/audit";
import { codeOf } from "../checks/error-code";
import { ProxyError } from "../checks/proxy-error";
import { explained } from "../outbound/dial";
import { headOf, RequestBody } from "../outbound/request-writer";
import { BadAnswer, type ResponseHead } from "../outbound/response-head";
import type { Asker, UpstreamConnection } from "../outbound/upstream-connection";
import type { Enforcement } from "./enforcement";
import { hasBody } from "./headers";
import { prepare } from "./outgoing";
import type { Source } from "./passage";
import { type Exchange, Relay } from "./relay";
import type { Route } from "./route";

/**
 * Sends a judged request on, made anew from what was understood, and its answer back. Bodies stream both ways, no faster
 * than the slower side takes them. Settles when the answer is complete or cut. @throws Refused while nothing was answered
 */
export async function forward(
  enforcement: Enforcement,
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
  entry: Entry,
): Promise<void> {
  const length = request.headers["content-length"];
  if (length !== undefined) request.headers["content-length"] = plainNumber(length);
  const outgoing = prepare(enforcement, route, request);
  entry.reason = outgoing.note;
  // A short placeholder may have become a long secret, many times.
  const grown = outgoing.whole ? outgoing.fields.reduce((sum, text) => sum + text.length, 0) : 0;
  if (!enforcement.heads.take(grown)) throw new ProxyError(503, "more and larger requests than fit at a time");
  try {
    await enforcement.audit.began(entry);
    await ask(enforcement, route, { host: route.host, request, response, outgoing, entry });
  } finally {
    enforcement.heads.give(grown);
  }
}

/** `0005` is a length (RFC 9110, section 8.6) that some would read as octal. */
function plainNumber(digits: string): string {
  return digits.replace(/^0+(?=\d)/, "");
}

/** On a kept connection if there is one, and on a new one if the upstream has closed that at the moment of its reuse. */
async function ask({ upstreams }: Enforcement, route: Route, exchange: Exchange): Promise<void> {
  const kept = upstreams.take(route);
  if (kept && (await attempt(exchange, route, kept)) === "done") return;
  await attempt(exchange, route, await upstreams.connect(route));
}

/** @returns `stale` if nothing was answered on a kept connection, and the request may be repeated. @throws Refused */
function attempt(exchange: Exchange, route: Route, connection: UpstreamConnection): Promise<"done" | "stale"> {
  return new Promise((resolve, reject) => {
    new Attempt(exchange, connection, resolve, reject).begin(route.path);
  });
}

class Attempt implements Asker, Source {
  private readonly relay: Relay;
  private body: RequestBody | undefined;
  /** Whether the connection is no longer this request's. */
  private isOver = false;
  private hasContinued = false;

  constructor(
    private readonly exchange: Exchange,
    private readonly connection: UpstreamConnection,
    private readonly settle: (how: "done" | "stale") => void,
    private readonly refuse: (error: ProxyError) => void,
  ) {
    this.relay = new Relay(exchange, this);
  }

  pause(): void {
    if (!this.isOver) this.connection.socket.pause();
  }

  resume(): void {
    if (!this.isOver) this.connection.socket.resume();
  }

  begin(path: string): void {
    const { request, response, outgoing } = this.exchange;
    const method = request.method ?? "";
    if (response.destroyed) {
      this.onClose(); // the client left while the upstream was dialled
      return;
    }
    response.once("close", this.onClose);
    this.connection.ask(headOf(method, path, outgoing.fields), method === "HEAD", this);
    if (this.isOver) return;
    if (hasBody(request)) this.body = new RequestBody(request, this.connection, this.exchange.entry);
    else this.connection.sent();
  }

  /** Only who waits for `100 Continue` is told of it, once; no other interim answer is passed on. */
  interim(status: number): void {
    const { request, response } = this.exchange;
    if (status !== 100 || request.headers.expect === undefined || this.hasContinued) return;
    this.hasContinued = true;
    response.writeContinue();
  }

  head(head: ResponseHead): void {
    this.relay.head(head);
  }

  piece(bytes: Buffer): void {
    this.relay.piece(bytes);
  }

  turned(): void {
    this.relay.turned();
  }

  drained(): void {
    this.body?.resume();
  }

  end(): void {
    this.isOver = true;
    this.body?.stop();
    this.relay.complete();
  }

  failed(error: Error): void {
    const { response, host } = this.exchange;
    this.isOver = true;
    this.body?.stop();
    if (response.headersSent) {
      response.destroy(); // the client must not take half an answer for a whole one
      return;
    }
    response.removeListener("close", this.onClose);
    if (this.mayRepeat(error)) this.settle("stale");
    else this.refuse(explained(error, host));
  }

  private readonly onClose = (): void => {
    const { response, outgoing, entry } = this.exchange;
    if (!this.isOver) this.connection.destroy();
    this.relay.close();
    if (outgoing.mask) entry.reason = outgoing.mask.noted(entry.reason);
    if (!response.writableFinished) entry.reason = joined(entry.reason, "cut before its end");
    this.settle("done");
  };

  /** RFC 9112, section 9.3.1. */
  private mayRepeat(error: Error): boolean {
    const { request } = this.exchange;
    const code = codeOf(error);
    const isCut = code === "ECONNRESET" || code === "EPIPE" || error instanceof BadAnswer;
    const isSafe = request.method === "GET" || request.method === "HEAD" || request.method === "OPTIONS";
    return this.connection.isReused && isCut && isSafe && !hasBody(request);
  }
}
