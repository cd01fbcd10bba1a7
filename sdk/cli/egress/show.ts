import { type AuditLine, auditLog } from "../../../provider/backends/docker/allowlist/gateway/audit-log";
import type { Terminal } from "../command";
import { withEngine } from "../engine-at-hand";

/** Prints what a sandbox's gateway decided, a line each. @throws CommandError */
export function show(id: string, { tell }: Terminal): Promise<void> {
  return withEngine(async (engine) => {
    let isEmpty = true;
    for await (const line of auditLog(engine, id)) {
      tell(lineFor(line));
      isEmpty = false;
    }
    if (isEmpty) tell("Nothing was asked yet.\n");
  });
}

function lineFor(line: AuditLine): string {
  const { time, method, domain, port, reason, more } = line;
  const again = more === undefined ? "" : `  and ${more.toLocaleString("en-US")} more`;
  const why = `${reason ? `  ${reason}` : ""}${again}`;
  if ("event" in line && line.event !== "begin") return `${time}  (${line.event})${why}\n`;
  const place = `${domain || "?"}:${port ?? "?"}`;
  if ("event" in line) return `${time}  begun    ${method} ${place}${why}\n`;
  const { via, decision, outcome = decision, status, bytesUp, bytesDown } = line;
  const what = [method ?? via, place, status].filter(Boolean).join(" ");
  return `${time}  ${outcome.padEnd(7)}  ${what}  up ${bytesUp} down ${bytesDown}${why}\n`;
}
