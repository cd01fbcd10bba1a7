import { type ClientRequest, type IncomingMessage, request as open } from "node:http";
import type { Socket } from "node:net";
import { type Duplex, pipeline } from "node:stream";
import { type Entry, joined } from "../audit/audit";
import { longestHead, mostAnswerHeaders, mostInterim } from "../checks/limits";
import { ProxyError } from "../checks/proxy-error";
import { maskedBody } from "../masking/content-encoding";
import { explained } from "../outbound/dial";
import { BadAnswer, type ResponseHead, understood } from "../outbound/response-head";
import type { Enforcement } from "./enforcement";
import { head } from "./error-responses";
import { framesOnly, NoFrame } from "./frames";
import { responseFields } from "./headers";
import { MaskedFrames } from "./masked-frames";
import { judgeAnswer, type Outgoing, prepare } from "./outgoing";
import type { Route } from "./route";
import { judgeAgreement } from "./websocket-handshake";

/**
 * Opens a WebSocket on a judged handshake, and carries its bytes. Settles when it is closed, or when the upstream has
 * answered something else. @throws Refused while nothing was answered
 */
export async function forwardUpgrade(
  enforcement: Enforcement,
  route: Route,
  request: IncomingMessage,
  socket: Socket,
  first: Buffer,
  entry: Entry,
): Promise<void> {
  const outgoing = prepare(enforcement, route, request);
  entry.reason = outgoing.note;
  await enforcement.audit.began(entry);
  const { incoming, upstream, begun } = await handshake(enforcement, route, request, withUpgrade(outgoing), socket);
  const answered = headOf(incoming, route.host);
  if (upstream === undefined) judgeAnswer(outgoing, route.host, answered);
  entry.status = answered.status;
  const mask = outgoing.mask;
  const fields = responseFields(answered, mask?.texts);
  const upgraded = upstream !== undefined;
  const ending = upgraded ? ["Connection", "Upgrade", "Upgrade", "websocket"] : ["Connection", "close"];
  socket.write(head(entry.status, "", [...fields, ...ending]), "latin1");
  socket.setTimeout(enforcement.limits.idleMs, () => socket.destroy());
  const source: Duplex | IncomingMessage = upstream ?? incoming;
  const extended = incoming.headers["sec-websocket-extensions"] !== undefined;
  const ended = (error?: unknown) => {
    if (error instanceof NoFrame) entry.reason = joined(entry.reason, `cut: not a WebSocket frame (${error.message})`);
  };
  if (upstream) {
    upstream.setMaxListeners(32); // both directions on one socket
    socket.setMaxListeners(32);
    upstream.unshift(begun);
    socket.unshift(first);
    socket.on("data", (chunk: Buffer) => {
      entry.bytesUp += chunk.length;
    });
    pipeline(socket, framesOnly(true, extended), upstream, ended);
  }
  source.on("data", (chunk: Buffer) => {
    entry.bytesDown += chunk.length;
  });
  // The mask sees frames alone, as what is none ends the connection before it.
  const masked = mask && upstream ? [new MaskedFrames(mask.held())] : [];
  const between = [...(upstream ? [framesOnly(false, extended)] : []), ...masked];
  const body = mask && !upstream ? maskedBody(incoming, answered, mask) : source;
  await new Promise<unknown>((resolve) => pipeline([body, ...between, socket], resolve)).then(ended);
  entry.reason = mask?.noted(entry.reason) ?? entry.reason;
  socket.destroySoon();
}

/** What Node's parser has read, by the same rules as any answer. @throws Refused */
function headOf({ httpVersion, statusCode = 0, rawHeaders }: IncomingMessage, host: string): ResponseHead {
  try {
    return understood(httpVersion, statusCode, rawHeaders, false);
  } catch (error) {
    throw explained(error, host);
  }
}

interface Answer {
  readonly incoming: IncomingMessage;
  /** What the connection has become, and its first bytes, unless the upstream declined. */
  readonly upstream: Duplex | undefined;
  readonly begun: Buffer;
}

/** By Node's own client, on a connection that nothing else uses before or after. */
async function handshake(
  enforcement: Enforcement,
  route: Route,
  request: IncomingMessage,
  fields: string[],
  socket: Socket,
): Promise<Answer> {
  const dialled = await enforcement.upstreams.dial(route);
  return new Promise((resolve, reject) => {
    const asking: ClientRequest = open({
      createConnection: () => dialled,
      path: route.path,
      headers: fields,
      setHost: false,
      maxHeaderSize: longestHead,
      insecureHTTPParser: false,
    });
    const fail = (error: unknown) => {
      asking.destroy();
      reject(explained(error, route.host));
    };
    socket.once("close", () => asking.destroy());
    if (socket.destroyed) fail(new ProxyError(502, "the client left", "failed"));
    asking.maxHeadersCount = mostAnswerHeaders + 1;
    boundInterim(asking, fail);
    asking.setTimeout(enforcement.limits.idleMs, () =>
      fail(new ProxyError(504, `${route.host} does not answer`, "failed")),
    );
    asking.on("error", fail);
    asking.on("response", (incoming) => resolve({ incoming, upstream: undefined, begun: Buffer.alloc(0) }));
    asking.on("upgrade", (incoming, upstream, begun) => {
      asking.setTimeout(0); // from here on the client's side tells whether anything moves
      try {
        judgeAgreement(request, incoming, route.host);
        resolve({ incoming, upstream, begun });
      } catch (error) {
        upstream.destroy();
        fail(error);
      }
    });
    asking.end();
  });
}

/** Their number is bounded by nothing else. */
function boundInterim(asking: ClientRequest, fail: (error: Error) => void): void {
  let count = 0;
  const countOne = () => {
    if (++count === mostInterim + 1) fail(new BadAnswer(`sends more than ${mostInterim} interim answers`));
  };
  asking.on("continue", countOne).on("information", countOne);
}

/** Compressed frames could not be searched for a secret, so where one may come back none are agreed on. */
function withUpgrade({ fields, mask }: Outgoing): string[] {
  const kept: string[] = [];
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index] ?? "";
    if (mask && name.toLowerCase() === "sec-websocket-extensions") continue;
    kept.push(name, fields[index + 1] ?? "");
  }
  return [...kept, "Connection", "Upgrade", "Upgrade", "websocket"];
}
