import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { areas, codes } from "../../provider/codes/areas";

const root = join(__dirname, "../..");
const docs = join(root, "docs");
const page = readFileSync(join(docs, "troubleshooting.md"), "utf8");
const entries = areas.flatMap((area) => Object.entries(area.codes));

/** All sources with codes, in one text. A string that is written in parts is joined, and its escapes are removed. */
const source = ["provider", "sdk"]
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
  )
  .filter((file) => file.endsWith(".ts") && !file.startsWith(join("provider", "codes")))
  .map((file) => readFileSync(join(root, file), "utf8"))
  .join("\n")
  .replace(/["`] \+\s+["`]/g, "")
  .replace(/\\([`"'])/g, "$1");

describe("the codes of messages", () => {
  it("have no placeholder left", () => {
    assert.ok(!("OC0000" in codes));
    assert.doesNotMatch(source, /OC0000/);
  });

  it("are used by the source, all of them, and no others", () => {
    const used = Array.from(source.matchAll(/"(OC\d{4})"/g), ([, code]) => code);
    const all = entries.map(([code]) => code);
    assert.deepEqual([...new Set(used)].sort(), [...all].sort());
  });

  it("are unique", () => {
    const all = entries.map(([code]) => code);
    assert.deepEqual(
      all.filter((code, index) => all.indexOf(code) !== index),
      [],
    );
  });

  for (const { title, codes: own } of areas) {
    it(`are numbered without gaps in one range: ${title}`, () => {
      const numbers = Object.keys(own).map((code) => Number(code.slice(2)));
      const [first = 0] = numbers;
      assert.deepEqual(
        numbers,
        numbers.map((_, index) => first + index),
      );
      assert.equal(first % 100, numbers.length > 0 ? 1 : 0);
    });
  }

  for (const [code, { message, cause, remedy }] of entries) {
    it(`have a message as the source has it, a cause and a remedy: ${code}`, () => {
      // Between what differs and punctuation, as the source may join a message of several parts there.
      for (const part of message.split(/…|[:;.,()](?: |$)/).map((text) => text.trim())) {
        assert.ok(source.includes(part), `${JSON.stringify(part)} is not in the source`);
      }
      for (const sentence of [cause, remedy]) assert.match(sentence, /^[A-Z`].*\.$/s);
    });
  }
});

describe("the troubleshooting page", () => {
  it("has the codes as the tables define them", async () => {
    const { withCodes } = await import("../../scripts/troubleshooting-page.mjs");
    assert.ok(page === withCodes(page, areas), "docs/troubleshooting.md is not as provider/codes: npm run docs");
  });

  it("has links that lead somewhere", () => {
    const links = Array.from(page.matchAll(/\]\((\S+?\.md)(?:#(\S+?))?\)/g));
    assert.ok(links.length > 0);
    for (const [link, file = "", anchor] of links) {
      assert.ok(existsSync(join(docs, file)), link);
      if (anchor) assert.ok(anchorsOf(file).includes(anchor), link);
    }
  });
});

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(file: string): string[] {
  const headings = readFileSync(join(docs, file), "utf8").matchAll(/^#+ (.+)$/gm);
  return Array.from(headings, ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
