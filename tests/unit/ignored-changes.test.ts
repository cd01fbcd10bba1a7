import assert from "node:assert/strict";
import { warnOfIgnoredChanges } from "../../provider/lifecycle/ignored-changes";
import { silent } from "../support/silent";

const planned = { memoryLimit: "1g", networkPolicy: { type: "disabled" }, __urn: "urn:a" };

/** The messages about a replacement that takes these inputs. */
function messages(taken: Record<string, unknown>): string[] {
  const shown: string[] = [];
  const report = {
    ...silent,
    warning: (code: string, text: string) => shown.push(`${code}: ${text}`),
    info: (text: string) => shown.push(text),
  };
  warnOfIgnoredChanges(planned, taken, [], report);
  return shown;
}

describe("ignoreChanges at a replacement", () => {
  it("has no warning where both checks agree, hidden inputs aside", () => {
    assert.deepEqual(messages({ ...planned, __urn: "urn:b" }), []);
  });

  it("has a warning that names the argument, and a line with the domains that become reachable", () => {
    const networkPolicy = { type: "allowlist", allowedDomains: ["evil.example.com"] };
    assert.deepEqual(messages({ ...planned, networkPolicy }), [
      "OC2008: ignoreChanges does not apply to a replacement: it takes networkPolicy from the program",
      'OC3001: allowed domains: now reachable "evil.example.com"',
    ]);
  });
});
