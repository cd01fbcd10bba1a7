import type { IncomingMessage } from "node:http";
import type { Limits } from "./limits";
import { printable } from "./printable";
import { Refused } from "./refused";
import { Tally } from "./tally";

/** Lines after which the log says again that there is a policy, so that its end always tells: `hasPolicy` relies on it. */
const linesBetween = 1000;

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
  /** Tells which lines belong together. */
  exchange?: number;
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

/**
 * Writes the log: a line of JSON for each decision, and for what happens to the gateway itself. What a sandbox can have as
 * often as it likes, denials and DNS, is counted where it is alike. A request that goes on has a line before it does, and
 * one when it is over.
 */
export class Audit {
  private readonly tally: Tally;
  private exchanges = 0;
  private lines = 0;
  private inForce = false;

  constructor(
    private readonly sandbox: string,
    /** `urgent` is what has to be written before anything else happens. */
    private readonly write: (line: string, urgent: boolean) => void,
    limits: Pick<Limits, "countMs" | "listed">,
  ) {
    this.tally = new Tally(limits, (fields) => this.line(fields));
  }

  /** Settles when the line is out of this process, so that the first byte may go to the upstream. */
  began(entry: Entry): Promise<void> {
    entry.exchange = ++this.exchanges;
    this.line({ event: "begin", exchange: entry.exchange, ...told(entry) }, true);
    return new Promise((resolve) => process.nextTick(resolve)); // behind the tick in which urgent lines are written
  }

  decided(entry: Entry): void {
    const { via, decision, exchange, bytesUp, bytesDown, status } = entry;
    const { reason, ...rest } = told(entry);
    const fields = { ...rest, decision, reason, status, bytesUp, bytesDown };
    if (exchange !== undefined) this.line({ ...fields, exchange });
    else if (decision === "denied" || via === "dns") this.tally.take(fields);
    else this.line(fields);
  }

  /** What was thrown: a refusal, by the policy or for want of an upstream, or a mistake of this program. */
  refused(entry: Entry, error: unknown): void {
    if (error instanceof Refused) {
      entry.decision = error.kind === "denied" ? "denied" : "allowed";
      entry.status = error.status;
      entry.reason = error.logged;
    } else {
      entry.decision = "denied";
      entry.reason = `an internal error: ${error instanceof Error ? error.name : typeof error}`;
    }
    this.decided(entry);
  }

  /** @param mark the word that a policy came with */
  happened(event: string, { mark, reason }: { mark?: string; reason?: string } = {}): void {
    if (event === "policy") this.inForce = true;
    this.line({
      event,
      mark: mark && printable(mark, 64),
      reason: reason && printable(reason, 1000),
    });
  }

  /** A connection that was not taken. */
  turnedAway(reason: string): void {
    this.tally.take({ event: "refused", reason });
  }

  /** Before another takes its place, and at the end. */
  flush(): void {
    this.tally.flush();
  }

  private line(fields: object, urgent = false): void {
    this.write(`${JSON.stringify({ time: new Date().toISOString(), sandbox: this.sandbox, ...fields })}\n`, urgent);
    if (++this.lines % linesBetween === 0 && this.inForce) this.happened("policy in force");
  }
}

function told({ via, method, domain, port, reason }: Entry) {
  return {
    via,
    ...(method === undefined ? {} : { method: printable(method, 20) }),
    ...(domain === undefined ? {} : { domain: printable(domain) }),
    port,
    reason: printable(reason, 1000),
  };
}
