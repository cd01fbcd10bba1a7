import type { IncomingMessage } from "node:http";
import type { AuditEntry } from "../audit/audit-entry";
import type { Authority } from "../checks/domain-names";
import { ProxyError } from "../checks/proxy-error";
import { validateHead } from "../checks/request-head";
import { hostMatches, parseAbsoluteForm, parseOriginForm } from "../checks/request-target";
import type { ConnectionScope } from "./connection-scope";
import type { PolicyEnforcement } from "./policy-enforcement";

/** The upstream of an authorized request. */
export interface Route extends Authority {
  readonly secure: boolean;
  readonly path: string;
}

/**
 * The one place that decides which request is forwarded, and where: the name of the connection (CONNECT and SNI), the
 * target and Host have to agree, on each request anew. @throws ProxyError
 */
export function authorizeRequest(
  enforcement: PolicyEnforcement,
  scope: ConnectionScope,
  request: IncomingMessage,
  entry: AuditEntry,
): Route {
  const target = request.url ?? "";
  const host = request.headers.host ?? "";
  const port = scope.protocol === "https" ? 443 : 80;
  setTarget(entry, scope.host ?? host, port);
  validateHead(request);
  const { authority, path } =
    scope.protocol === "proxy"
      ? parseAbsoluteForm(target)
      : { authority: scope.host ?? host, path: parseOriginForm(target) };
  if (scope.host === undefined) setTarget(entry, authority, port);
  const allowed = enforcement.authorize(authority, port);
  entry.domain = allowed.host;
  entry.port = allowed.port;
  if (allowed.port !== port)
    throw new ProxyError("OC6002", `port ${allowed.port} of ${allowed.host} is not allowed without TLS`);
  requireMatchingHost(host, allowed);
  return { ...allowed, secure: scope.protocol === "https", path };
}

/** @returns the upstream of a tunnel. @throws ProxyError */
export function authorizeTunnel(
  enforcement: PolicyEnforcement,
  scope: ConnectionScope,
  request: IncomingMessage,
  entry: AuditEntry,
): Authority {
  const authority = request.url ?? "";
  setTarget(entry, authority);
  validateHead(request);
  if (scope.protocol !== "proxy")
    throw new ProxyError("OC6008", "CONNECT is not allowed inside a tunnel or a connection to a server");
  const allowed = enforcement.authorize(authority);
  entry.domain = allowed.host;
  entry.port = allowed.port;
  if (request.headers.host !== undefined) requireMatchingHost(request.headers.host, allowed);
  return allowed;
}

/** What the log has until the target is authorized: the host is any text from the client, which may have no port. */
function setTarget(entry: AuditEntry, authority: string, defaultPort?: number): void {
  const [, host = authority, named] = /^([^:]+|\[[\da-f:.]+\]):(\d{1,5})$/i.exec(authority) ?? [];
  entry.domain = host;
  const port = named === undefined ? defaultPort : Number(named);
  if (port !== undefined) entry.port = port;
}

/** Against domain fronting. */
function requireMatchingHost(host: string, authority: Authority): void {
  if (!hostMatches(host, authority)) {
    throw new ProxyError("OC6005", `the Host header does not match ${authority.host}`);
  }
}
