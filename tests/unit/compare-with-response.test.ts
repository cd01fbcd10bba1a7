import assert from "node:assert/strict";
import { compareWithResponse } from "../../provider/backends/openai/compare-with-response";

const container = { id: "cntr_1", status: "running", createdAt: 1, name: "analysis" };

/** The difference that is reported for a requested list of domains and another list in the response. */
function differences(requested: string[], reported: string[], secrets: string[] = []): string[] {
  const policy = (allowedDomains: string[]) => ({ networkPolicy: { type: "allowlist", allowedDomains } });
  const result = compareWithResponse(policy(requested), { ...container, ...policy(reported) }, secrets);
  assert.deepEqual(result.unconfirmed, []);
  return result.differences;
}

describe("compareWithResponse, for an allow list", () => {
  it("compares sets of names in their canonical form", () => {
    const list = ["api.github.com", "xn--mnchen-3ya.example.com"];
    for (const reported of [
      list,
      list.toReversed(),
      [...list, ...list],
      ["API.GitHub.com.", "münchen.example.com"],
      ["api.github.com", "MÜNCHEN.example.com."],
    ]) {
      assert.deepEqual(differences(list, reported), [], String(reported));
    }
  });

  for (const other of [
    "*.api.github.com",
    "api.github.com/evil.example.com",
    "api.github.com:8443",
    "https://api.github.com",
    "api.github.com\\evil.example.com",
    "api.github.com ",
    "api.github.com..",
    "",
  ]) {
    it(`reports ${JSON.stringify(other)} as another name`, () => {
      assert.deepEqual(differences(["api.github.com"], ["api.github.com", other]), [
        `networkPolicy.allowedDomains reported and not requested: ${JSON.stringify(other)}`,
      ]);
    });
  }

  it("counts the rest of a long list, and cuts off a long name", () => {
    const many = Array.from({ length: 8 }, (_, at) => `a${at}.example.com`);
    assert.deepEqual(differences([], [...many, "b".repeat(1_000_000)]), [
      'networkPolicy.allowedDomains reported and not requested: "a0.example.com", "a1.example.com", "a2.example.com", "a3.example.com", "a4.example.com" and 4 more',
    ]);
    const [text = ""] = differences([], ["b".repeat(1_000_000)]);
    assert.ok(text.length < 200, text);
  });

  it("redacts secrets", () => {
    for (const secret of ['a"quoted\\one', "über-geheim", "line\u0007bell", "x".repeat(200)]) {
      const [text = ""] = differences([], [`${secret}.evil.example.com`], [secret]);
      assert.equal(text, 'networkPolicy.allowedDomains reported and not requested: "[secret].evil.example.com"');
    }
  });

  it("ignores arguments that were not requested", () => {
    const reported = { ...container, memoryLimit: "64g", networkPolicy: { type: "open" } };
    assert.deepEqual(compareWithResponse({}, reported, []), { differences: [], unconfirmed: [] });
  });
});
