import { BackendError } from "../../../provider/backends/backend";
import { type AuditLine, auditLog } from "../../../provider/backends/docker/allowlist/audit-log";
import { connect } from "../../../provider/backends/docker/engine";
import { readSettings } from "../../../provider/config";
import { CommandError, type Terminal } from "../command";

/** Prints what a sandbox's gateway decided, a line each. @throws CommandError */
export async function show(id: string, { tell }: Terminal): Promise<void> {
  const { docker } = readSettings(process.env, () => undefined);
  try {
    let isEmpty = true;
    for await (const line of auditLog(await connect(docker), id)) {
      tell(lineFor(line));
      isEmpty = false;
    }
    if (isEmpty) tell("Nothing was asked yet.\n");
  } catch (error) {
    throw error instanceof BackendError ? new CommandError(error.message) : error;
  }
}

function lineFor(line: AuditLine): string {
  const { time, method, domain, port, reason, more } = line;
  const again = more === undefined ? "" : `  and ${more.toLocaleString("en-US")} more`;
  const why = `${reason ? `  ${reason}` : ""}${again}`;
  if ("event" in line && line.event !== "begin") return `${time}  (${line.event})${why}\n`;
  const place = `${domain || "?"}:${port ?? "?"}`;
  if ("event" in line) return `${time}  begun    ${method} ${place}${why}\n`;
  const { via, decision, status, bytesUp, bytesDown } = line;
  const what = [method ?? via, place, status].filter(Boolean).join(" ");
  return `${time}  ${decision.padEnd(7)}  ${what}  up ${bytesUp} down ${bytesDown}${why}\n`;
}
