import { type ClientRequest, type IncomingMessage, request as open } from "node:http";
import type { Socket } from "node:net";
import { type Duplex, pipeline } from "node:stream";
import { type AuditEntry, appendReason } from "../audit/audit-entry";
import type { Route } from "../authorization/authorize-request";
import type { PolicyEnforcement } from "../authorization/policy-enforcement";
import { longestHead, mostInterim, mostResponseHeaders } from "../checks/limits";
import { ProxyError } from "../checks/proxy-error";
import { coded } from "../checks/reasons";
import { responseFields } from "../forwarding/forwarded-headers";
import { type PreparedRequest, prepareRequest, requireSearchable } from "../forwarding/prepare-request";
import { rawHead } from "../inbound/error-responses";
import { toUpstreamError } from "../outbound/dialler";
import { InvalidResponse, interpretHead, type ResponseHead } from "../outbound/response-head";
import { maskedBody } from "../secrets/gzip-search";
import { InvalidFrame, requireFrames } from "./frame-check";
import { validateAcceptance } from "./handshake";
import { MaskedFrames } from "./masked-frames";

/**
 * Opens a WebSocket for an authorized handshake, and forwards its frames. Settles when it is closed, or when the upstream
 * has declined it. @throws ProxyError before the response begins
 */
export async function forwardUpgrade(
  enforcement: PolicyEnforcement,
  route: Route,
  request: IncomingMessage,
  socket: Socket,
  first: Buffer,
  entry: AuditEntry,
): Promise<void> {
  const prepared = prepareRequest(enforcement, route, request);
  entry.reason = prepared.note;
  await enforcement.audit.started(entry);
  const { incoming, upstream, firstBytes } = await handshake(
    enforcement,
    route,
    request,
    withUpgrade(prepared),
    socket,
  );
  const response = validatedHead(incoming, route.host);
  if (upstream === undefined) requireSearchable(prepared, route.host, response);
  entry.status = response.status;
  const mask = prepared.mask;
  const fields = responseFields(response, mask?.texts);
  const upgraded = upstream !== undefined;
  const ending = upgraded ? ["Connection", "Upgrade", "Upgrade", "websocket"] : ["Connection", "close"];
  socket.write(rawHead(entry.status, "", [...fields, ...ending]), "latin1");
  socket.setTimeout(enforcement.limits.idleMs, () => socket.destroy());
  const source: Duplex | IncomingMessage = upstream ?? incoming;
  const hasExtensions = incoming.headers["sec-websocket-extensions"] !== undefined;
  const ended = (error?: unknown) => {
    if (error instanceof InvalidFrame)
      entry.reason = appendReason(
        entry.reason,
        coded("OC6028", `broken off: invalid WebSocket frame (${error.message})`),
      );
  };
  if (upstream) {
    upstream.setMaxListeners(32); // both directions on one socket
    socket.setMaxListeners(32);
    upstream.unshift(firstBytes);
    socket.unshift(first);
    socket.on("data", (chunk: Buffer) => {
      entry.bytesUp += chunk.length;
    });
    pipeline(socket, requireFrames(true, hasExtensions), upstream, ended);
  }
  source.on("data", (chunk: Buffer) => {
    entry.bytesDown += chunk.length;
  });
  // The mask gets valid frames alone, as anything else ends the connection before it.
  const masked = mask && upstream ? [new MaskedFrames(mask.newHeldBytes())] : [];
  const between = [...(upstream ? [requireFrames(false, hasExtensions)] : []), ...masked];
  const body = mask && !upstream ? maskedBody(incoming, response, mask) : source;
  await new Promise<unknown>((resolve) => pipeline([body, ...between, socket], resolve)).then(ended);
  entry.reason = mask?.withFound(entry.reason) ?? entry.reason;
  socket.destroySoon();
}

/** The head that Node's parser has read, validated like any response. @throws ProxyError */
function validatedHead({ httpVersion, statusCode = 0, rawHeaders }: IncomingMessage, host: string): ResponseHead {
  try {
    return interpretHead(httpVersion, statusCode, rawHeaders, false);
  } catch (error) {
    throw toUpstreamError(error, host);
  }
}

interface UpgradeResponse {
  readonly incoming: IncomingMessage;
  /** The connection as a WebSocket, and its first bytes, unless the upstream declined. */
  readonly upstream: Duplex | undefined;
  readonly firstBytes: Buffer;
}

/** By Node's own client, on a connection that nothing else uses before or after. */
async function handshake(
  enforcement: PolicyEnforcement,
  route: Route,
  request: IncomingMessage,
  fields: string[],
  socket: Socket,
): Promise<UpgradeResponse> {
  const dialled = await enforcement.upstreams.dial(route);
  return new Promise((resolve, reject) => {
    const handshake: ClientRequest = open({
      createConnection: () => dialled,
      path: route.path,
      headers: fields,
      setHost: false,
      maxHeaderSize: longestHead,
      insecureHTTPParser: false,
    });
    const fail = (error: unknown) => {
      handshake.destroy();
      reject(toUpstreamError(error, route.host));
    };
    socket.once("close", () => handshake.destroy());
    if (socket.destroyed) fail(new ProxyError("OC6045", "the connection was closed before the response was complete"));
    handshake.maxHeadersCount = mostResponseHeaders + 1;
    limitInterim(handshake, fail);
    handshake.setTimeout(enforcement.limits.idleMs, () => fail(new ProxyError("OC6035", `${route.host} timed out`)));
    handshake.on("error", fail);
    handshake.on("response", (incoming) => resolve({ incoming, upstream: undefined, firstBytes: Buffer.alloc(0) }));
    handshake.on("upgrade", (incoming, upstream, firstBytes) => {
      handshake.setTimeout(0); // from here on the client's socket has the timeout
      try {
        validateAcceptance(request, incoming, route.host);
        resolve({ incoming, upstream, firstBytes });
      } catch (error) {
        upstream.destroy();
        fail(error);
      }
    });
    handshake.end();
  });
}

/** Their number is bounded by nothing else. */
function limitInterim(handshake: ClientRequest, fail: (error: Error) => void): void {
  let count = 0;
  const countOne = () => {
    if (++count === mostInterim + 1) fail(new InvalidResponse(`more than ${mostInterim} interim responses`));
  };
  handshake.on("continue", countOne).on("information", countOne);
}

/** Compressed frames could not be searched for secrets, so where any may come back no extension is requested. */
function withUpgrade({ fields, mask }: PreparedRequest): string[] {
  const kept: string[] = [];
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index] ?? "";
    if (mask && name.toLowerCase() === "sec-websocket-extensions") continue;
    kept.push(name, fields[index + 1] ?? "");
  }
  return [...kept, "Connection", "Upgrade", "Upgrade", "websocket"];
}
