import assert from "node:assert/strict";
import { fuzzArchives } from "./archive-fuzz";

describe("mutated zips of skills", () => {
  // The same zips each time; `archive-fuzz.ts` by itself takes others, and more.
  it("are refused, or unpacked below their folder alone", async () => {
    const { accepted, refused } = await fuzzArchives(3000, 1);
    assert.ok(accepted > 300 && refused > 300, `${accepted} accepted, ${refused} refused`);
  });
});
