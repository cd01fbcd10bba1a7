import type { Limits } from "../checks/limits";
import { printable } from "../checks/printable";
import { ProxyError } from "../checks/proxy-error";
import { coded, type ErrorCode } from "../checks/reasons";
import type { AuditEntry } from "./audit-entry";
import type { Output } from "./log-output";
import { RepeatCounter } from "./repeat-counter";

/** Lines after which the log says again that there is a policy, so that its end always shows it: `hasPolicy` relies on it. */
const linesBetween = 1000;

/**
 * Writes the log: a line of JSON for each decision, and for each event of the gateway itself. Equal denials and DNS queries,
 * of which a sandbox can cause any number, are counted. A forwarded request has a line before it is sent, and one when it
 * is over.
 */
export class Audit {
  /** The member of each line that names the sandbox. */
  private readonly origin: string;
  private readonly repeats: RepeatCounter;
  private exchanges = 0;
  private lines = 0;
  /** The time of the last line, which others of the same millisecond share. */
  private now = 0;
  private time = "";
  private inForce = false;

  constructor(
    sandbox: string,
    private readonly output: Output,
    limits: Pick<Limits, "countMs" | "listed">,
  ) {
    this.origin = `"sandbox":${JSON.stringify(sandbox)}`;
    this.repeats = new RepeatCounter(limits, (fields) => this.writeFields(fields));
  }

  /** Settles when the line is out of this process, so that the first byte may go to the upstream. */
  started(entry: AuditEntry): Promise<void> {
    entry.exchange = ++this.exchanges;
    this.writeMembers(
      `"event":"begin","exchange":${entry.exchange},${requestMembers(entry)},"reason":${quoted(entry.reason, 1000)}`,
    );
    return this.output.flushed();
  }

  finished(entry: AuditEntry): void {
    const { via, decision, exchange } = entry;
    if (exchange !== undefined)
      this.writeSoon(`${requestMembers(entry)},${outcomeMembers(entry)},"exchange":${exchange}`);
    else if (decision === "denied" || via === "dns") this.repeats.count(entryFields(entry));
    else this.writeMembers(`${requestMembers(entry)},${outcomeMembers(entry)}`);
  }

  /** @param error a reason not to serve the request, or a bug of this program */
  failed(entry: AuditEntry, error: unknown): void {
    if (error instanceof ProxyError) {
      entry.decision = error.kind === "upstream error" || error.kind === "disconnected" ? "allowed" : "denied";
      entry.outcome = error.kind;
      entry.status = error.status;
      entry.reason = error.logged;
    } else {
      entry.decision = "denied";
      entry.outcome = "internal error";
      entry.reason = `an internal error: ${error instanceof Error ? error.name : typeof error}`;
    }
    this.finished(entry);
  }

  /** @param mark the word in front of a policy */
  event(event: string, { mark, reason }: { mark?: string; reason?: string } = {}): void {
    if (event === "policy") this.inForce = true;
    this.writeFields({
      event,
      mark: mark && printable(mark, 64),
      reason: reason && printable(reason, 1000),
    });
  }

  rejectedConnection(code: ErrorCode, reason: string): void {
    this.repeats.count({ event: "connection rejected", reason: coded(code, reason) });
  }

  /** Before another log takes over, and at the end. */
  flush(): void {
    this.repeats.flush();
  }

  private writeFields(fields: object): void {
    this.writeMembers(JSON.stringify(fields).slice(1, -1));
  }

  /** @param members of the line's JSON. Each request has two lines, which an object for each would make twice as expensive. */
  private writeMembers(members: string): void {
    this.output.add(this.line(members));
    this.repeatPolicy();
  }

  /** The line of a request that is over, whose decision is in the line of its beginning. */
  private writeSoon(members: string): void {
    this.output.addSoon(this.line(members));
    this.repeatPolicy();
  }

  private line(members: string): string {
    const now = Date.now();
    if (now !== this.now) this.time = new Date(now).toISOString();
    this.now = now;
    return `{"time":"${this.time}",${this.origin},${members}}\n`;
  }

  private repeatPolicy(): void {
    if (++this.lines % linesBetween === 0 && this.inForce) this.event("policy in force");
  }
}

function entryFields(entry: AuditEntry) {
  const { via, method, domain, port, decision, outcome, reason, status, bytesUp, bytesDown } = entry;
  return {
    via,
    ...(method === undefined ? {} : { method: printable(method, 20) }),
    ...(domain === undefined ? {} : { domain: printable(domain) }),
    port,
    decision,
    outcome,
    reason: printable(reason, 1000),
    status,
    bytesUp,
    bytesDown,
  };
}

/** The same members as text: those of the request, and those of its outcome. */
function requestMembers({ via, method, domain, port }: AuditEntry): string {
  const verb = method === undefined ? "" : `,"method":${quoted(method, 20)}`;
  const name = domain === undefined ? "" : `,"domain":${quoted(domain)}`;
  return `"via":"${via}"${verb}${name}${port === undefined ? "" : `,"port":${port}`}`;
}

function outcomeMembers({ decision, outcome, reason, status, bytesUp, bytesDown }: AuditEntry): string {
  const kind = outcome === undefined ? "" : `,"outcome":"${outcome}"`;
  const code = status === undefined ? "" : `,"status":${status}`;
  const bytes = `"bytesUp":${bytesUp},"bytesDown":${bytesDown}`;
  return `"decision":"${decision}"${kind},"reason":${quoted(reason, 1000)}${code},${bytes}`;
}

/** Printable ASCII without a quotation mark or a backslash, which most texts are. */
const plain = /^[ !#-[\]-~]*$/;

function quoted(text: string, longest = 255): string {
  return text.length <= longest && plain.test(text) ? `"${text}"` : JSON.stringify(printable(text, longest));
}
