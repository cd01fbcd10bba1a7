import assert from "node:assert/strict";
import { counted, span } from "../../provider/lifecycle/duration";

describe("span", () => {
  const spans: [seconds: number, words: string][] = [
    [-3, "1 second"],
    [0, "1 second"],
    [1.9, "1 second"],
    [59, "59 seconds"],
    [60, "1 minute"],
    [750, "12 minutes"],
    [7_199, "119 minutes"],
    [7_200, "2 hours"],
    [172_799, "47 hours"],
    [172_800, "2 days"],
    [8_640_000, "100 days"],
  ];
  for (const [seconds, words] of spans) {
    it(`says ${words} for ${seconds} seconds`, () => assert.equal(span(seconds), words));
  }

  it("counts in the singular and the plural", () => {
    assert.deepEqual([counted(1, "minute"), counted(20, "minute")], ["1 minute", "20 minutes"]);
  });
});
