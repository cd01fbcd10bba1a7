import assert from "node:assert/strict";
import { findingsOf, plainText, reportOf } from "../../sdk/report";
import { plain, previewJson } from "../support/report/planned";
import { previewOf } from "../support/report/preview-of";

const allowlist = (...allowedDomains: string[]) => ({ ...plain, networkPolicy: { type: "allowlist", allowedDomains } });
const finding = { urn: "box", resource: "box", path: "", before: [], after: [], sentence: "It is odd.", weight: 1 };

describe("the time of findings", function () {
  this.timeout(5_000); // a search of the list for each member takes far longer

  const many = (letter: string) => Array.from({ length: 60_000 }, (_, at) => `${letter}${at}.example.com`);

  it("grows no faster than the domains of a container", async () => {
    const box = { name: "box", op: "replace", before: allowlist("a.example.com"), after: allowlist("b.example.com") };
    const preview = await previewOf(JSON.stringify(previewJson([box])));
    const [before, after] = [allowlist(...many("a")), allowlist(...many("b"))];
    const changes = preview.changes.map((change) => ({ ...change, before, after }));
    const [widened, narrowed] = ["egress-widened", "egress-narrowed"].map((id) =>
      findingsOf({ ...preview, changes }).find((finding) => finding.id === id),
    );
    assert.deepEqual([widened?.after.length, narrowed?.before.length], [60_000, 60_000]);
  });

  it("grows no faster than the kinds of findings, in a report too", async () => {
    const preview = await previewOf(JSON.stringify(previewJson([])));
    const own = many("x").map((id) => ({ ...finding, id }));
    const options = { failing: new Set<string>(), isQuietIfUnchanged: false };
    assert.match(plainText([reportOf(preview, own)], options), /: 60000 findings\./);
  });
});
