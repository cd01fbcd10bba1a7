import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { fileName, skillFolder } from "../../provider/backends/docker/content/placed-names";

const digits = createHash("sha256").update("file-1").digest("hex").slice(0, 32);
const skill = { path: "SKILL.md", executable: false, bytes: Buffer.from("x") };

describe("the name of a file in a sandbox", () => {
  const cases: [what: string, name: string, expected: string][] = [
    ["is kept after 32 hex digits", "Q3 report.tar.gz", "Q3 report.tar.gz"],
    ["has no separators of paths", "../../etc\\passwd", ".._.._etc_passwd"],
    ["has no control characters", "a\0b\nc\u007fd\u0085e", "a_b_c_d_e"],
    ["is cut to 255 bytes and keeps its extension", `${"x".repeat(300)}.xlsx`, `${"x".repeat(217)}.xlsx`],
    ["is cut between two characters", `${"ü".repeat(300)}.md`, `${"ü".repeat(109)}.md`],
    ["is cut as a whole where its extension is none", `a.${"x".repeat(300)}`, `a.${"x".repeat(220)}`],
    ["may be empty", "", ""],
    ["may be two dots, as it follows the digits", "..", ".."],
  ];
  for (const [what, name, expected] of cases) {
    it(what, () => assert.equal(fileName("file-1", name), `${digits}-${expected}`));
  }

  it("is one name of a folder's entry on Linux, whatever the account's name for the file is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (name) => {
        const placed = fileName("file-1", name);
        assert.ok(Buffer.byteLength(placed) <= 255);
        assert.doesNotMatch(placed, /[/\0]/);
      }),
    );
  });

  it("differs for two files of one name", () => {
    assert.notEqual(fileName("file-1", "a.txt"), fileName("file-2", "a.txt"));
  });
});

describe("the folder of a skill in a sandbox", () => {
  it("is its name and 32 hex digits, which follow from its files", () => {
    const folder = skillFolder("house-style", [skill]);
    assert.match(folder, /^house-style-[\da-f]{32}$/);
    assert.equal(skillFolder("house-style", [{ ...skill }]), folder);
    for (const change of [{ path: "skill.md" }, { executable: true }, { bytes: Buffer.from("y") }])
      assert.notEqual(skillFolder("house-style", [{ ...skill, ...change }]), folder);
  });

  it("has no separators of paths", () => {
    assert.match(skillFolder("../a/b", [skill]), /^\.\._a_b-[\da-f]{32}$/);
  });
});
