import type { IncomingMessage } from "node:http";
import { printable } from "./printable";
import { Refused } from "./refused";

/** One decision, as the log tells it. There is no field for a path, a query, a header or a body. */
export interface Entry {
  readonly via: "proxy" | "transparent" | "dns";
  method?: string;
  domain?: string;
  port?: number;
  decision: "allowed" | "denied";
  reason: string;
  status?: number;
  bytesUp: number;
  bytesDown: number;
}

/** What is allowed until somebody refuses it. */
export function newEntry(via: Entry["via"] = "proxy", request?: IncomingMessage): Entry {
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

/** Writes the log: a line of JSON for each decision, and for what happens to the gateway itself. */
export class Audit {
  constructor(
    private readonly sandbox: string,
    private readonly write: (line: string) => void,
  ) {}

  decided({ via, method, domain, port, decision, reason, status, bytesUp, bytesDown }: Entry): void {
    this.line({
      via,
      ...(method === undefined ? {} : { method: printable(method, 20) }),
      ...(domain === undefined ? {} : { domain: printable(domain) }),
      port,
      decision,
      reason: printable(reason, 1000),
      status,
      bytesUp,
      bytesDown,
    });
  }

  /** What was thrown: a refusal, by the policy or for want of an upstream, or a mistake of this program. */
  refused(entry: Entry, error: unknown): void {
    if (error instanceof Refused) {
      entry.decision = error.kind === "denied" ? "denied" : "allowed";
      entry.status = error.status;
      entry.reason = error.message;
    } else {
      entry.decision = "denied";
      entry.reason = `an internal error: ${error instanceof Error ? error.name : typeof error}`;
    }
    this.decided(entry);
  }

  /** @param mark the word that a policy came with */
  happened(event: string, { mark, reason }: { mark?: string; reason?: string } = {}): void {
    this.line({
      event,
      mark: mark && printable(mark, 64),
      reason: reason && printable(reason, 1000),
    });
  }

  private line(fields: object): void {
    this.write(`${JSON.stringify({ time: new Date().toISOString(), sandbox: this.sandbox, ...fields })}\n`);
  }
}
