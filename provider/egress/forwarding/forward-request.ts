import type { IncomingMessage, ServerResponse } from "node:http";
import { type AuditEntry, appendReason } from "../audit/audit-entry";
import type { Route } from "../authorization/authorize-request";
import type { PolicyEnforcement } from "../authorization/policy-enforcement";
import { codeOf } from "../checks/error-code";
import { ProxyError } from "../checks/proxy-error";
import { coded } from "../checks/reasons";
import { toUpstreamError } from "../outbound/dialler";
import { headOf, RequestBody } from "../outbound/request-writer";
import { InvalidResponse, type ResponseHead } from "../outbound/response-head";
import type { ResponseHandler, UpstreamConnection } from "../outbound/upstream-connection";
import { hasBody } from "./forwarded-headers";
import { prepareRequest } from "./prepare-request";
import type { FlowControl } from "./response-body";
import { type Exchange, ResponseRelay } from "./response-relay";

const closedEarly = coded("OC6045", "the connection was closed before the response was complete");

/**
 * Forwards an authorized request, written anew from the parsed one, and its response. Bodies stream both ways, no faster
 * than the slower side reads them. Settles when the response is complete or broken off. @throws ProxyError before the
 * response begins
 */
export async function forwardRequest(
  enforcement: PolicyEnforcement,
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
  entry: AuditEntry,
): Promise<void> {
  const length = request.headers["content-length"];
  if (length !== undefined) request.headers["content-length"] = plainNumber(length);
  const prepared = prepareRequest(enforcement, route, request);
  entry.reason = prepared.note;
  // A short placeholder may have become a long secret, many times.
  const grown = prepared.hasSecrets ? prepared.fields.reduce((sum, text) => sum + text.length, 0) : 0;
  if (!enforcement.headMemory.reserve(grown))
    throw new ProxyError("OC6030", "too many or too large requests at a time");
  try {
    await enforcement.audit.started(entry);
    await sendToUpstream(enforcement, route, { host: route.host, request, response, prepared, entry });
  } finally {
    enforcement.headMemory.release(grown);
  }
}

/** `0005` is a length (RFC 9110, section 8.6) that some parsers read as octal. */
function plainNumber(digits: string): string {
  return digits.replace(/^0+(?=\d)/, "");
}

/** On an idle connection if there is one, and on a new one if the upstream closed that at the moment of its reuse. */
async function sendToUpstream({ upstreams }: PolicyEnforcement, route: Route, exchange: Exchange): Promise<void> {
  const idle = upstreams.reuse(route);
  if (idle && (await attempt(exchange, route, idle)) === "done") return;
  await attempt(exchange, route, await upstreams.connect(route));
}

/** @returns `stale` if a reused connection brought no response, and the request may be repeated. @throws ProxyError */
function attempt(exchange: Exchange, route: Route, connection: UpstreamConnection): Promise<"done" | "stale"> {
  return new Promise((resolve, reject) => {
    new Attempt(exchange, connection, resolve, reject).begin(route.path);
  });
}

class Attempt implements ResponseHandler, FlowControl {
  private readonly relay: ResponseRelay;
  private body: RequestBody | undefined;
  /** Whether the connection is no longer this request's. */
  private isOver = false;
  private hasContinued = false;

  constructor(
    private readonly exchange: Exchange,
    private readonly connection: UpstreamConnection,
    private readonly settle: (how: "done" | "stale") => void,
    private readonly fail: (error: ProxyError) => void,
  ) {
    this.relay = new ResponseRelay(exchange, this);
  }

  pause(): void {
    if (!this.isOver) this.connection.socket.pause();
  }

  resume(): void {
    if (!this.isOver) this.connection.socket.resume();
  }

  begin(path: string): void {
    const { request, response, prepared } = this.exchange;
    const method = request.method ?? "";
    if (response.destroyed) {
      this.onClose(); // the client left while the upstream was dialled
      return;
    }
    response.once("close", this.onClose);
    this.connection.send(headOf(method, path, prepared.fields), method === "HEAD", this);
    if (this.isOver) return;
    if (hasBody(request)) this.body = new RequestBody(request, this.connection, this.exchange.entry);
    else this.connection.requestSent();
  }

  /** `100 Continue` is passed on once, to a client that waits for it, and no other interim response is. */
  interim(status: number): void {
    const { request, response } = this.exchange;
    if (status !== 100 || request.headers.expect === undefined || this.hasContinued) return;
    this.hasContinued = true;
    response.writeContinue();
  }

  head(head: ResponseHead): void {
    this.relay.head(head);
  }

  data(bytes: Buffer): void {
    this.relay.data(bytes);
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
      response.destroy(); // the client must not read half a response as a whole one
      return;
    }
    response.removeListener("close", this.onClose);
    if (this.mayRepeat(error)) this.settle("stale");
    else this.fail(toUpstreamError(error, host));
  }

  private readonly onClose = (): void => {
    const { response, prepared, entry } = this.exchange;
    if (!this.isOver) this.connection.destroy();
    this.relay.close();
    if (prepared.mask) entry.reason = prepared.mask.withFound(entry.reason);
    if (!response.writableFinished) entry.reason = appendReason(entry.reason, closedEarly);
    this.settle("done");
  };

  /** RFC 9112, section 9.3.1. */
  private mayRepeat(error: Error): boolean {
    const { request } = this.exchange;
    const code = codeOf(error);
    const isBroken = code === "ECONNRESET" || code === "EPIPE" || error instanceof InvalidResponse;
    const isSafe = request.method === "GET" || request.method === "HEAD" || request.method === "OPTIONS";
    return this.connection.isReused && isBroken && isSafe && !hasBody(request);
  }
}
