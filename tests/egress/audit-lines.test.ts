import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Audit } from "../../provider/egress/audit/audit";
import { type AuditEntry, newEntry } from "../../provider/egress/audit/audit-entry";
import { defaultLimits } from "../../provider/egress/checks/limits";
import { printable } from "../../provider/egress/checks/printable";

/** Texts that would end a string, a line or an object. */
const texts = ['a"b\\c', "\\u0000", "\u0000\n\r\t", "\u2028\ud800 \u00e9", "\u007f", "}{,:", "x".repeat(2000), ""];

/** The same decision by `JSON.stringify`. */
function expected(entry: AuditEntry, time: string, event?: string): string {
  const { via, method, domain, port, decision, outcome, reason, status, bytesUp, bytesDown, exchange } = entry;
  const request = {
    via,
    method: method === undefined ? undefined : printable(method, 20),
    domain: domain === undefined ? undefined : printable(domain),
    port,
  };
  const why = printable(reason, 1000);
  const result = { decision, outcome, reason: why, status, bytesUp, bytesDown, exchange };
  const members = event === undefined ? { ...request, ...result } : { event, exchange, ...request, reason: why };
  return `${JSON.stringify({ time, sandbox: 'cntr_"x', ...members })}\n`;
}

describe("the lines of a gateway's log", () => {
  it("equal those of JSON.stringify, with any text in them", async () => {
    const lines: string[] = [];
    const add = (line: string) => lines.push(line);
    const audit = new Audit('cntr_"x', { add, addSoon: add, flushed: () => Promise.resolve() }, defaultLimits);
    for (const text of texts) {
      for (const more of [
        {},
        { port: 443, status: 200 },
        { method: text, domain: text },
        { outcome: "upstream error", status: 502 },
      ] as const) {
        const entry: AuditEntry = { ...newEntry("transparent"), reason: text, bytesUp: 1, bytesDown: 2, ...more };
        audit.finished(entry); // without a line at its start
        await audit.started(entry);
        audit.finished(entry);
        const [alone = "", begun = "", over = ""] = lines.splice(0);
        const time = (line: string) => String(JSON.parse(line).time);
        const { exchange, ...others } = entry;
        assert.equal(typeof exchange, "number");
        assert.equal(alone, expected(others, time(alone)));
        assert.equal(begun, expected(entry, time(begun), "begin"));
        assert.equal(over, expected(entry, time(over)));
      }
    }
  });

  it("have the time at which each is written", async () => {
    const lines: string[] = [];
    const add = (line: string) => lines.push(line);
    const audit = new Audit("cntr_x", { add, addSoon: add, flushed: () => Promise.resolve() }, defaultLimits);
    for (let time = 0; time < 3; time++) {
      const before = Date.now();
      audit.event("ready");
      audit.event("ready");
      const after = Date.now();
      for (const line of lines.splice(0)) {
        const written = Date.parse(JSON.parse(line).time);
        assert.ok(before <= written && written <= after, `${written} is not in ${before} to ${after}`);
      }
      await sleep(2);
    }
  });
});
