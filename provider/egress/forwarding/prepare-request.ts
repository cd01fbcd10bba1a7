import type { IncomingMessage } from "node:http";
import type { Route } from "../authorization/authorize-request";
import type { PolicyEnforcement } from "../authorization/policy-enforcement";
import { ProxyError } from "../checks/proxy-error";
import { coded, placeholderCode } from "../checks/reasons";
import type { Fields, ResponseHead } from "../outbound/response-head";
import { encodingOf } from "../secrets/gzip-search";
import type { ResponseMask } from "../secrets/response-mask";
import { SecretInjector } from "../secrets/secret-injector";
import { requestFields } from "./forwarded-headers";

/** A request as it is forwarded. */
export interface PreparedRequest {
  readonly fields: Fields;
  /** Masks all secrets in the response, if there are any. */
  readonly mask: ResponseMask | undefined;
  /** Whether the domain has secrets, so that no partial response is requested. */
  readonly hasSecrets: boolean;
  /** For the log. */
  readonly note: string;
}

/** Injects secrets, over TLS and for their own domain alone. Elsewhere a placeholder is sent as it is: it reveals nothing. */
export function prepareRequest(
  enforcement: PolicyEnforcement,
  route: Route,
  request: IncomingMessage,
): PreparedRequest {
  const own = enforcement.secrets.get(route.host);
  const injector = own && new SecretInjector(own, route.secure);
  const mask = enforcement.responseMask();
  const hasSecrets = own !== undefined;
  const searchable = mask && { whole: hasSecrets };
  const fields = requestFields(request, route.host, injector?.inject ?? ((_name, value) => value), searchable);
  const names = [...(injector?.used ?? [])];
  if (names.length > 0) return { fields, mask, hasSecrets, note: `with the secret ${names.join(", ")}` };
  const values = request.rawHeaders;
  if (!enforcement.containsPlaceholder(values)) return { fields, mask, hasSecrets, note: "" };
  const isOwn = own?.placeholders.some((placeholder) => values.some((value) => value.includes(placeholder))) ?? false;
  const why = isOwn ? "no header for credentials has it" : "it belongs to another domain";
  const note = coded(
    placeholderCode,
    `a placeholder was not replaced: ${route.secure ? why : "the connection is not encrypted"}`,
  );
  return { fields, mask, hasSecrets, note };
}

/** Rejects a response in which a secret could not be found. None such was requested. @throws ProxyError */
export function requireSearchable({ mask, hasSecrets }: PreparedRequest, host: string, head: ResponseHead): void {
  if (mask === undefined || head.status === 304 || head.status === 204) return;
  if (encodingOf(head) === "unknown") {
    throw new ProxyError("OC6040", `${host} sent a Content-Encoding that cannot be searched for secrets`);
  }
  if (hasSecrets && head.status === 206) {
    throw new ProxyError("OC6041", `${host}, which has secrets, sent a partial response that was not requested`);
  }
}
