import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mappingText, readMapping } from "../../sdk/cli/import/mapping";
import { writeText } from "../../sdk/cli/import/text-files";

describe("the mapping file of the import command", () => {
  let folder: string;
  let file: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "openai-containers-mapping-"));
    file = join(folder, "map.json");
  });
  after(() => rmSync(folder, { recursive: true }));

  it("is read as it was written, and as a whole", () => {
    const mapping = { cntr_b: { name: "b", import: true }, cntr_a: { name: "a", import: false, reason: "expired" } };
    assert.equal(readMapping(join(folder, "none.json")), undefined);
    writeText(file, mappingText(mapping));
    assert.equal(JSON.stringify(readMapping(file)), JSON.stringify(mapping));
    assert.deepEqual(readdirSync(folder), ["map.json"]);
  });

  it("may begin with a byte order mark", () => {
    writeFileSync(file, '\ufeff{"cntr_a":{"name":"a","import":true}}');
    assert.deepEqual(readMapping(file), { cntr_a: { name: "a", import: true } });
  });

  it("may have the full ids of Docker", () => {
    const id = "0123456789abcdef".repeat(4);
    writeText(file, mappingText({ [id]: { name: "a", import: true } }));
    assert.deepEqual(Object.keys(readMapping(file) ?? {}), [id]);
  });

  const mistakes: [what: string, text: string, message: RegExp][] = [
    ["that is no JSON", "{", /map\.json: .*JSON/],
    ["that is no object", "[]", /map\.json: its content: /],
    [
      "with a name that is none",
      '{"cntr_a":{"name":"a b","import":true}}',
      /: cntr_a\.name: expected 1 to 100 letters/,
    ],
    ["with a name in place of an id", '{"box":{"name":"a","import":true}}', /: box: expected an id, cntr_… or 64 /],
    ["with a short id", '{"0123456789ab":{"name":"a","import":true}}', /: 0123456789ab: expected an id/],
    ["without a decision", '{"cntr_a":{"name":"a"}}', /: cntr_a\.import: .*boolean/],
    ["with an unknown property", '{"cntr_a":{"name":"a","import":true,"skip":1}}', /: cntr_a: .*"skip"/],
    [
      "with one name for two containers",
      '{"cntr_a":{"name":"x","import":true},"cntr_b":{"name":"x","import":true}}',
      /: cntr_b\.name: cntr_a has the name "x" too/,
    ],
    [
      "with one container twice",
      '{"cntr_a":{"name":"x","import":true},\n"cntr_a" : {"name":"y","import":true}}',
      /: cntr_a: it is there twice/,
    ],
  ];
  for (const [what, text, message] of mistakes) {
    it(`is refused with its path where it is a file ${what}`, () => {
      writeFileSync(file, text);
      assert.throws(
        () => readMapping(file),
        (error: Error) => error.message.startsWith(`OC5206: Invalid mapping ${file}`) && message.test(error.message),
      );
    });
  }

  it("cannot be in a folder that does not exist, nor be a folder", () => {
    assert.throws(
      () => writeText(join(folder, "none/map.json"), "{}"),
      /^Error: OC5208: Cannot write .*none\/map\.json/,
    );
    assert.throws(() => readMapping(folder), /^Error: OC5208: Cannot read /);
  });
});
