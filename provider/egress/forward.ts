import { type ClientRequest, type IncomingMessage, request as open, type ServerResponse } from "node:http";
import type { Entry } from "./audit";
import { maskedBody } from "./coded";
import { explained } from "./dial";
import type { Enforcement } from "./enforcement";
import { codeOf } from "./error-code";
import { hasBody, responseFields } from "./headers";
import { longestHead, mostAnswerHeaders } from "./limits";
import { judgeAnswer, type Outgoing, prepare } from "./outgoing";
import { Refused } from "./refused";
import type { Route } from "./route";
import { boundInterim, judgeFraming, mayKeepAfter, plainNumber, withoutPolicyMark } from "./upstream-answer";

/** What is under way for one request. */
interface Exchange {
  readonly enforcement: Enforcement;
  readonly route: Route;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly outgoing: Outgoing;
  readonly entry: Entry;
}

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
  if (!enforcement.heads.take(grown)) throw new Refused(503, "more and larger requests than fit at a time");
  enforcement.audit.began(entry);
  const exchange = { enforcement, route, request, response, outgoing, entry };
  try {
    await attempt(exchange, true);
  } catch (error) {
    if (!(error instanceof StaleConnection)) throw error;
    await attempt(exchange, false);
  } finally {
    enforcement.heads.give(grown);
  }
}

/**
 * The upstream closed a kept connection at the moment of its reuse, or it had spoken there before it was asked. RFC 9112,
 * section 9.3.1 tells what may be repeated.
 */
class StaleConnection extends Error {}

function attempt(exchange: Exchange, mayReuse: boolean): Promise<void> {
  const { request, response, route, entry } = exchange;
  return new Promise((resolve, reject) => {
    const upstream = openUpstream(exchange, mayReuse);
    let answered: IncomingMessage | undefined;
    const onClose = () => {
      upstream.destroy();
      if (exchange.outgoing.mask) entry.reason = exchange.outgoing.mask.noted(entry.reason);
      if (!response.writableFinished) entry.reason = joined(entry.reason, "cut before its end");
      resolve();
    };
    const fail = (error: unknown) => {
      if (answered?.complete) return; // what came behind a whole answer: the connection goes, the answer stays
      if (response.headersSent) {
        response.destroy(); // the client must not take half an answer for a whole one
        return;
      }
      response.removeListener("close", onClose);
      upstream.destroy();
      reject(mayRepeat(error, upstream, request) ? new StaleConnection() : explained(error, route.host));
    };
    response.once("close", onClose);
    upstream.on("error", fail);
    upstream.on("timeout", () => upstream.destroy(Object.assign(new Error("idle"), { code: "ETIMEDOUT" })));
    if (request.headers.expect !== undefined) upstream.once("continue", () => response.writeContinue());
    boundInterim(upstream, route.host, fail);
    upstream.on("upgrade", () => fail(new Refused(502, `${route.host} changes the protocol unasked`, "failed")));
    upstream.on("response", (incoming) => {
      answered = incoming;
      try {
        judgeFraming(incoming, route.host);
        if (!mayKeepAfter(incoming)) upstream.shouldKeepAlive = false;
        relay(exchange, incoming);
      } catch (error) {
        answered = undefined;
        fail(error);
      }
    });
    sendBody(request, upstream, entry);
  });
}

function openUpstream({ enforcement, route, request, outgoing }: Exchange, mayReuse: boolean): ClientRequest {
  const upstream = open({
    agent: enforcement.upstreams.agent(route.secure, mayReuse),
    host: route.host,
    port: route.port,
    method: request.method ?? "",
    path: route.path,
    headers: outgoing.fields,
    setHost: false,
    maxHeaderSize: longestHead,
    insecureHTTPParser: false,
  });
  upstream.maxHeadersCount = mostAnswerHeaders + 1; // Node drops the rest without a word: judgeFraming has it
  upstream.setTimeout(enforcement.limits.idleMs);
  return upstream;
}

function sendBody(request: IncomingMessage, upstream: ClientRequest, entry: Entry): void {
  if (!hasBody(request)) {
    upstream.end();
    return;
  }
  // An upstream that is to say `100 Continue` must see the head first.
  if (request.headers.expect !== undefined) upstream.flushHeaders();
  request.on("data", (chunk: Buffer) => {
    entry.bytesUp += chunk.length;
  });
  request.pipe(upstream);
}

function relay({ request, response, route, outgoing, entry }: Exchange, incoming: IncomingMessage): void {
  if (request.method !== "HEAD") judgeAnswer(outgoing, route.host, incoming);
  const { mask } = outgoing;
  const fields = withoutPolicyMark(incoming, responseFields(incoming, mask?.text ?? ((value) => value)));
  // What a client still sends of a body would be taken for its next request.
  if (!request.complete) response.shouldKeepAlive = false;
  response.sendDate = false;
  entry.status = incoming.statusCode ?? 502;
  response.writeHead(entry.status, fields);
  // By hand, as `pipe` and `pipeline` take as long as all the rest of a small answer.
  const source = mask ? maskedBody(incoming, mask) : incoming;
  // A client would wait for the head until the body's first byte otherwise. What is there already goes in one packet with it.
  const flush = setImmediate(() => response.flushHeaders());
  source.once("error", ({ message }) => {
    entry.reason = joined(entry.reason, message);
    response.destroy();
  });
  source.on("data", (chunk: Buffer) => {
    clearImmediate(flush);
    entry.bytesDown += chunk.length;
    if (!response.write(chunk)) source.pause();
  });
  response.on("drain", () => source.resume());
  source.once("end", () => {
    clearImmediate(flush);
    response.end();
  });
  // The client must not take half an answer for a whole one.
  incoming.once("close", () => {
    if (!incoming.complete) response.destroy();
  });
}

function mayRepeat(error: unknown, { reusedSocket }: ClientRequest, request: IncomingMessage): boolean {
  const code = codeOf(error);
  const isCut = code === "ECONNRESET" || code === "EPIPE" || code.startsWith("HPE_");
  const isSafe = request.method === "GET" || request.method === "HEAD" || request.method === "OPTIONS";
  return reusedSocket && isCut && isSafe && !hasBody(request);
}

function joined(note: string, more: string): string {
  return note === "" ? more : `${note}; ${more}`;
}
