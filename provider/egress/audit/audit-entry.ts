import type { IncomingMessage } from "node:http";
import type { ErrorKind } from "../checks/reasons";

/** One decision. There is no field for a path, a query, a header or a body. */
export interface AuditEntry {
  readonly via: "proxy" | "transparent" | "dns";
  method?: string;
  domain?: string;
  port?: number;
  /** Whether the gateway forwarded it, or tried to. */
  decision: "allowed" | "denied";
  /** Why it was not served. */
  outcome?: ErrorKind | "internal error";
  reason: string;
  status?: number;
  bytesUp: number;
  bytesDown: number;
  /** The same in all lines of one request. */
  exchange?: number;
}

/** Allowed, until an error is recorded. */
export function newEntry(via: AuditEntry["via"] = "proxy", request?: IncomingMessage): AuditEntry {
  const method = request?.method;
  return {
    via,
    ...(method === undefined ? {} : { method }),
    decision: "allowed",
    reason: "",
    bytesUp: 0,
    bytesDown: 0,
  };
}

export function appendReason(reason: string, more: string): string {
  return reason === "" ? more : `${reason}; ${more}`;
}
