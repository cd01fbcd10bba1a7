import type { IncomingMessage } from "node:http";
import type { Limits } from "../checks/limits";
import { printable } from "../checks/printable";
import { ProxyError } from "../checks/proxy-error";
import type { Output } from "./output";
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

/** One reason behind another. */
export function joined(reason: string, more: string): string {
  return reason === "" ? more : `${reason}; ${more}`;
}

/**
 * Writes the log: a line of JSON for each decision, and for what happens to the gateway itself. What a sandbox can have as
 * often as it likes, denials and DNS, is counted where it is alike. A request that goes on has a line before it does, and
 * one when it is over.
 */
export class Audit {
  /** The member of each line that tells whose it is. */
  private readonly origin: string;
  private readonly tally: Tally;
  private exchanges = 0;
  private lines = 0;
  private inForce = false;

  constructor(
    sandbox: string,
    private readonly output: Output,
    limits: Pick<Limits, "countMs" | "listed">,
  ) {
    this.origin = `"sandbox":${JSON.stringify(sandbox)}`;
    this.tally = new Tally(limits, (fields) => this.line(fields));
  }

  /** Settles when the line is out of this process, so that the first byte may go to the upstream. */
  began(entry: Entry): Promise<void> {
    entry.exchange = ++this.exchanges;
    this.text(`"event":"begin","exchange":${entry.exchange},${who(entry)},"reason":${quoted(entry.reason, 1000)}`);
    return this.output.out();
  }

  decided(entry: Entry): void {
    const { via, decision, exchange } = entry;
    if (exchange !== undefined) this.text(`${who(entry)},${outcome(entry)},"exchange":${exchange}`);
    else if (decision === "denied" || via === "dns") this.tally.take(told(entry));
    else this.text(`${who(entry)},${outcome(entry)}`);
  }

  /** What was thrown: a refusal, by the policy or for want of an upstream, or a mistake of this program. */
  refused(entry: Entry, error: unknown): void {
    if (error instanceof ProxyError) {
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

  private line(fields: object): void {
    this.text(JSON.stringify(fields).slice(1, -1));
  }

  /** @param members of the line's JSON. Each request has two lines, which an object for each would make twice as dear. */
  private text(members: string): void {
    this.output.add(`{"time":"${new Date().toISOString()}",${this.origin},${members}}\n`);
    if (++this.lines % linesBetween === 0 && this.inForce) this.happened("policy in force");
  }
}

function told({ via, method, domain, port, decision, reason, status, bytesUp, bytesDown }: Entry) {
  return {
    via,
    ...(method === undefined ? {} : { method: printable(method, 20) }),
    ...(domain === undefined ? {} : { domain: printable(domain) }),
    port,
    decision,
    reason: printable(reason, 1000),
    status,
    bytesUp,
    bytesDown,
  };
}

/** The same members as text: the first ones, and those of what came of it. */
function who({ via, method, domain, port }: Entry): string {
  const asked = method === undefined ? "" : `,"method":${quoted(method, 20)}`;
  const place = domain === undefined ? "" : `,"domain":${quoted(domain)}`;
  return `"via":"${via}"${asked}${place}${port === undefined ? "" : `,"port":${port}`}`;
}

function outcome({ decision, reason, status, bytesUp, bytesDown }: Entry): string {
  const code = status === undefined ? "" : `,"status":${status}`;
  return `"decision":"${decision}","reason":${quoted(reason, 1000)}${code},"bytesUp":${bytesUp},"bytesDown":${bytesDown}`;
}

function quoted(text: string, longest?: number): string {
  return JSON.stringify(printable(text, longest));
}
