import assert from "node:assert/strict";
import { findingsOf, findingWeights, plainText, reportOf } from "../../sdk/report";
import { previewOf } from "../support/report/preview-of";
import { isRecording, record, recording } from "../support/report/recordings";

describe("findings of a recorded preview", () => {
  it("are as in the golden report", async () => {
    const preview = await previewOf(recording("changed.json"));
    const text = plainText([reportOf(preview, findingsOf(preview))], {
      failing: new Set(),
      isQuietIfUnchanged: false,
    });
    if (isRecording) record("changed.report", text);
    assert.equal(text, recording("changed.report"));
  });

  it("are all there are, but for that of an import", async () => {
    const preview = await previewOf(recording("changed.json"));
    const found = new Set(findingsOf(preview).map(({ id }) => id));
    assert.deepEqual(
      Object.keys(findingWeights).filter((id) => !found.has(id)),
      ["imported"],
    );
  });

  it("come the heaviest first", async () => {
    const weights = findingsOf(await previewOf(recording("changed.json"))).map(({ weight }) => weight);
    assert.deepEqual(
      weights,
      [...weights].sort((a, b) => b - a),
    );
  });
});
