import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gatewayCodes } from "../../provider/codes/gateway";
import { placeholderCode, reasons } from "../../provider/egress/checks/reasons";

const folder = join(__dirname, "../../provider/egress");
const table = join(folder, "checks/reasons.ts");

describe("the codes of the egress gateway", () => {
  const codes = [...Object.keys(reasons), placeholderCode];

  it("have an entry each in the table of codes", () => {
    assert.deepEqual(Object.keys(gatewayCodes), codes);
  });

  it("are numbered from OC6001 without gaps", () => {
    const numbers = codes.map((_code, index) => `OC${6001 + index}`);
    assert.deepEqual(codes, numbers);
  });

  it("are each used by the gateway", () => {
    const used = new Set<string>();
    for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      if (!path.endsWith(".ts") || join(folder, path) === table) continue;
      for (const [code] of readFileSync(join(folder, path), "utf8").matchAll(/OC60\d\d/g)) used.add(code);
    }
    assert.deepEqual(
      Object.keys(reasons).filter((code) => !used.has(code)),
      [],
    );
  });
});
