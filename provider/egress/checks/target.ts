import { type Authority, parseAuthority } from "./domain-names";
import { malformed } from "./proxy-error";

/** What a request's first line asks for. */
export interface Target {
  readonly authority: string;
  readonly path: string;
}

/** RFC 9112, section 3.2.1: what a server is asked. @throws Refused */
export function judgeOriginForm(target: string): string {
  // Only here and in CONNECT does a name get judged against the pinned one, so no other form may bring one.
  if (!target.startsWith("/")) throw malformed("a request target that is not a path");
  judgePath(target);
  return target;
}

/** RFC 9112, section 3.2.2: what a proxy is asked, of `http` only, as `https` comes by CONNECT. @throws Refused */
export function judgeAbsoluteForm(target: string): Target {
  const rest = /^http:\/\/(.*)$/i.exec(target)?.[1];
  if (rest === undefined) throw malformed("a request target that is no http:// address: https comes by CONNECT");
  const end = rest.search(/[/?#]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  const tail = end < 0 ? "/" : rest.slice(end);
  if (authority.includes("@")) throw malformed("an address with a user in it");
  const path = tail.startsWith("/") ? tail : `/${tail}`;
  judgePath(path);
  return { authority, path };
}

/** @throws Refused */
function judgePath(path: string): void {
  if (path.includes("#")) throw malformed("a request target with a fragment");
  if (!/^[\x21-\x7e]+$/.test(path)) throw malformed("a request target with a character that no address has");
}

/** Whether `Host` names just this place. A Host without a port means the scheme's own. */
export function namesThis(host: string, { host: expected, port }: Authority): boolean {
  if (host === expected) return true;
  const found = parseAuthority(host, port);
  return found !== undefined && found.host === expected && found.port === port;
}
