import { type Authority, parseAuthority } from "./domain-names";
import { ProxyError } from "./proxy-error";

/** A request's first line, read. */
export interface Target {
  readonly authority: string;
  readonly path: string;
}

/** RFC 9112, section 3.2.1: the target of a request to a server. @throws ProxyError */
export function parseOriginForm(target: string): string {
  // Only Host and CONNECT are compared with the name of the connection, so no other form may bring one.
  if (!target.startsWith("/")) throw invalidTarget("it is not a path");
  validatePath(target);
  return target;
}

/** RFC 9112, section 3.2.2: the target of a request to a proxy, `http` only, as `https` uses CONNECT. @throws ProxyError */
export function parseAbsoluteForm(target: string): Target {
  const rest = /^http:\/\/(.*)$/i.exec(target)?.[1];
  if (rest === undefined) throw invalidTarget("it is not an http:// URL, and https uses CONNECT");
  const end = rest.search(/[/?#]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  const tail = end < 0 ? "/" : rest.slice(end);
  if (authority.includes("@")) throw invalidTarget("its URL has user information");
  const path = tail.startsWith("/") ? tail : `/${tail}`;
  validatePath(path);
  return { authority, path };
}

/** @throws ProxyError */
function validatePath(path: string): void {
  if (path.includes("#")) throw invalidTarget("it has a fragment");
  if (!/^[\x21-\x7e]+$/.test(path)) throw invalidTarget("it has a character that is not allowed in a URL");
}

function invalidTarget(why: string): ProxyError {
  return new ProxyError("OC6014", `the request target is invalid: ${why}`);
}

/** Whether `Host` names exactly this authority. A Host without a port means the scheme's own. */
export function hostMatches(host: string, { host: expected, port }: Authority): boolean {
  if (host === expected) return true;
  const found = parseAuthority(host, port);
  return found !== undefined && found.host === expected && found.port === port;
}
