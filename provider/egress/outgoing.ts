import type { IncomingMessage } from "node:http";
import type { Enforcement } from "./enforcement";
import { type Fields, requestFields } from "./headers";
import type { Mask } from "./mask";
import { Refused } from "./refused";
import type { Route } from "./route";
import { Filling } from "./secrets";

/** A request as it goes on. */
export interface Outgoing {
  readonly fields: Fields;
  /** Hides the domain's secrets in the answer. */
  readonly mask: Mask | undefined;
  readonly holdsSecret: boolean;
  /** For the log. */
  readonly note: string;
}

/** Secrets go over TLS, and to their own domain. Elsewhere a placeholder goes on as it is: it tells nothing. */
export function prepare(enforcement: Enforcement, route: Route, request: IncomingMessage): Outgoing {
  const own = enforcement.secrets.get(route.host);
  const filling = own && new Filling(own, route.secure);
  const fields = requestFields(request, route.host, filling?.fill ?? ((_name, value) => value));
  const names = [...(filling?.used ?? [])];
  if (names.length > 0) {
    return { fields, mask: filling?.mask(), holdsSecret: true, note: `with the secret ${names.join(", ")}` };
  }
  const where = route.secure ? "it is another domain's" : "the connection is not encrypted";
  const note = enforcement.holdsPlaceholder(request.rawHeaders) ? `a placeholder was left as it is: ${where}` : "";
  return { fields, mask: filling?.mask(), holdsSecret: false, note };
}

/** What is compressed cannot be searched for a secret that the answer may echo. It was asked not to be. @throws Refused */
export function judgeAnswer({ holdsSecret }: Outgoing, host: string, { headers, statusCode }: IncomingMessage): void {
  const coding = headers["content-encoding"] ?? "identity";
  if (holdsSecret && coding !== "identity" && statusCode !== 304) {
    throw new Refused(502, `${host} answers a request with a secret in an encoding that was not asked for`, "failed");
  }
}
