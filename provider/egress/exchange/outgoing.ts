import type { IncomingMessage } from "node:http";
import { ProxyError } from "../checks/proxy-error";
import { encodingOf } from "../masking/content-encoding";
import type { Mask } from "../masking/mask";
import { Filling } from "../masking/secret-injector";
import type { Fields, ResponseHead } from "../outbound/response-head";
import type { Enforcement } from "./enforcement";
import { requestFields } from "./headers";
import type { Route } from "./route";

/** A request as it goes on. */
export interface Outgoing {
  readonly fields: Fields;
  /** Hides all secrets in the answer, if there are any. */
  readonly mask: Mask | undefined;
  /** Whether the domain has secrets, so that parts of its answers are not asked for. */
  readonly whole: boolean;
  /** For the log. */
  readonly note: string;
}

/** Secrets go over TLS, and to their own domain. Elsewhere a placeholder goes on as it is: it tells nothing. */
export function prepare(enforcement: Enforcement, route: Route, request: IncomingMessage): Outgoing {
  const own = enforcement.secrets.get(route.host);
  const filling = own && new Filling(own, route.secure);
  const mask = enforcement.mask();
  const whole = own !== undefined;
  const searchable = mask && { whole };
  const fields = requestFields(request, route.host, filling?.fill ?? ((_name, value) => value), searchable);
  const names = [...(filling?.used ?? [])];
  if (names.length > 0) return { fields, mask, whole, note: `with the secret ${names.join(", ")}` };
  const values = request.rawHeaders;
  if (!enforcement.holdsPlaceholder(values)) return { fields, mask, whole, note: "" };
  const isOwn = own?.placeholders.some((placeholder) => values.some((value) => value.includes(placeholder))) ?? false;
  const why = isOwn ? "it is in no header for credentials" : "it is another domain's";
  const note = `a placeholder was left as it is: ${route.secure ? why : "the connection is not encrypted"}`;
  return { fields, mask, whole, note };
}

/** What cannot be searched for a secret that the answer may echo. It was not asked for. @throws Refused */
export function judgeAnswer({ mask, whole }: Outgoing, host: string, head: ResponseHead): void {
  if (mask === undefined || head.status === 304 || head.status === 204) return;
  if (encodingOf(head) === "unknown") {
    const reason = `${host} answers in an encoding that cannot be searched for secrets and was not asked for`;
    throw new ProxyError(502, reason, "failed");
  }
  if (whole && head.status === 206) {
    throw new ProxyError(502, `${host}, which has secrets, answers with a part that was not asked for`, "failed");
  }
}
