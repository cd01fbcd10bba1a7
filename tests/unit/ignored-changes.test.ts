import assert from "node:assert/strict";
import { ignoredChanges } from "../../provider/lifecycle/ignored-changes";

const planned = { memoryLimit: "1g", networkPolicy: { type: "disabled" }, __urn: "urn:a" };

describe("what a replacement takes although ignoreChanges keeps it", () => {
  it("is nothing where both checks agree, hidden inputs aside", () => {
    assert.deepEqual(ignoredChanges(planned, { ...planned, __urn: "urn:b" }, []), { changed: [], lines: [] });
  });

  it("is named, with what becomes reachable", () => {
    const networkPolicy = { type: "allowlist", allowedDomains: ["evil.example"] };
    assert.deepEqual(ignoredChanges(planned, { ...planned, networkPolicy }, []), {
      changed: ["networkPolicy"],
      lines: ['OC3001: allowed domains: now reachable "evil.example"'],
    });
  });
});
