import { type AuditLine, auditLog, environmentEngine } from "../../../provider/command-line";
import type { Output } from "../command";

/**
 * Prints the decisions of a sandbox's gateway, one a line.
 * @throws BackendError
 */
export async function printAuditLog(id: string, { stdout }: Output): Promise<void> {
  let isEmpty = true;
  for await (const line of auditLog(await environmentEngine(), id)) {
    stdout(textOf(line));
    isEmpty = false;
  }
  if (isEmpty) stdout("No requests yet.\n");
}

function textOf(line: AuditLine): string {
  const { time, method, domain, port, reason, more } = line;
  const repeated = more === undefined ? "" : `  and ${more.toLocaleString("en-US")} more`;
  const suffix = `${reason ? `  ${reason}` : ""}${repeated}`;
  if ("event" in line && line.event !== "begin") return `${time}  (${line.event})${suffix}\n`;
  const target = `${domain || "?"}${port === undefined ? "" : `:${port}`}`;
  if ("event" in line) return `${time}  started  ${method} ${target}${suffix}\n`;
  const { via, decision, outcome = decision, status, bytesUp, bytesDown } = line;
  const request = [method ?? via, target, status].filter(Boolean).join(" ");
  return `${time}  ${outcome.padEnd(7)}  ${request}  up ${bytesUp} down ${bytesDown}${suffix}\n`;
}
