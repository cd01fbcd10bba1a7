import assert from "node:assert/strict";
import { Audit, type Entry, newEntry } from "../../provider/egress/audit/audit";
import { defaultLimits } from "../../provider/egress/checks/limits";
import { printable } from "../../provider/egress/checks/printable";

/** Texts that would end a string, a line or an object. */
const texts = ['a"b\\c', "\\u0000", "\u0000\n\r\t", "\u2028\ud800 \u00e9", "}{,:", "x".repeat(2000), ""];

/** What `JSON.stringify` makes of the same decision. */
function expected(entry: Entry, time: string, event?: string): string {
  const { via, method, domain, port, decision, reason, status, bytesUp, bytesDown, exchange } = entry;
  const who = {
    via,
    method: method === undefined ? undefined : printable(method, 20),
    domain: domain === undefined ? undefined : printable(domain),
    port,
  };
  const why = printable(reason, 1000);
  const outcome = { decision, reason: why, status, bytesUp, bytesDown, exchange };
  const members = event === undefined ? { ...who, ...outcome } : { event, exchange, ...who, reason: why };
  return `${JSON.stringify({ time, sandbox: 'cntr_"x', ...members })}\n`;
}

describe("the lines of a gateway's log", () => {
  it("are what JSON.stringify makes of them, whatever is in them", async () => {
    const lines: string[] = [];
    const audit = new Audit(
      'cntr_"x',
      { add: (line) => lines.push(line), out: () => Promise.resolve() },
      defaultLimits,
    );
    for (const text of texts) {
      for (const more of [{}, { port: 443, status: 200 }, { method: text, domain: text }]) {
        const entry: Entry = { ...newEntry("transparent"), reason: text, bytesUp: 1, bytesDown: 2, ...more };
        audit.decided(entry); // without a request that began
        await audit.began(entry);
        audit.decided(entry);
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
});
