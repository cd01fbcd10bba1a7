import type { IncomingMessage } from "node:http";
import type { Entry } from "../audit/audit";
import type { Authority } from "../checks/domain-names";
import { ProxyError } from "../checks/proxy-error";
import { judgeHead } from "../checks/request-checks";
import { judgeAbsoluteForm, judgeOriginForm, namesThis } from "../checks/target";
import type { Pin } from "./client";
import type { Enforcement } from "./enforcement";

/** Where a request goes, once it was judged. */
export interface Route extends Authority {
  readonly secure: boolean;
  readonly path: string;
}

/**
 * The one place where it is decided which request goes on, and to where: what CONNECT and SNI pinned, the target and the
 * Host have to agree, on each request anew. @throws Refused
 */
export function judgeRequest(enforcement: Enforcement, pin: Pin, request: IncomingMessage, entry: Entry): Route {
  const target = request.url ?? "";
  const host = request.headers.host ?? "";
  const port = pin.speaks === "https" ? 443 : 80;
  entry.domain = pin.host ?? host;
  entry.port = port;
  judgeHead(request);
  const { authority, path } =
    pin.speaks === "proxy" ? judgeAbsoluteForm(target) : { authority: pin.host ?? host, path: judgeOriginForm(target) };
  if (pin.host === undefined) entry.domain = authority;
  const place = enforcement.judge(authority, port);
  entry.domain = place.host;
  if (place.port !== port) throw new ProxyError(403, `port ${place.port} of ${place.host} without TLS`);
  judgeHost(host, place);
  return { ...place, secure: pin.speaks === "https", path };
}

/** Where a tunnel may lead. @throws Refused */
export function judgeTunnel(enforcement: Enforcement, pin: Pin, request: IncomingMessage, entry: Entry): Authority {
  const authority = request.url ?? "";
  entry.domain = authority;
  judgeHead(request);
  if (pin.speaks !== "proxy") throw new ProxyError(405, "CONNECT inside a connection to a server");
  const place = enforcement.judge(authority);
  entry.domain = place.host;
  entry.port = place.port;
  if (request.headers.host !== undefined) judgeHost(request.headers.host, place);
  return place;
}

function judgeHost(host: string, place: Authority): void {
  if (!namesThis(host, place)) throw new ProxyError(421, `a Host header that does not name ${place.host}`);
}
