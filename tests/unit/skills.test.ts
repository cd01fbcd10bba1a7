import assert from "node:assert/strict";
import { normalise } from "../../provider/model/normalise";
import { unknownValue } from "../../provider/model/unknowns";
import { processorTime } from "../support/processor-time";

const reference = (more: object = {}) => ({ type: "skill_reference", skillId: "skill_1", ...more });
const source = (data: unknown = "UEsFBg==") => ({ type: "base64", mediaType: "application/zip", data });
const inline = (more: object = {}) => ({
  type: "inline",
  name: "pdf",
  description: "Reads PDFs",
  source: source(),
  ...more,
});

function result(skills: unknown): { value?: unknown; problems: string[] } {
  const outcome = normalise({ backend: "openai", skills });
  return "problems" in outcome ? outcome : { value: outcome.value["skills"], problems: [] };
}

const versionExpected = 'expected a positive whole number or "latest"';

const bad: [what: string, skill: unknown, message: string][] = [
  [
    "of another type",
    reference({ type: "zip" }),
    'OC1003: skills[0].type: got text of 3 characters, expected "skill_reference" or "inline"',
  ],
  ["that is text", "skill_1", "OC1003: skills[0]: got text of 7 characters, expected an object"],
  ["without id", reference({ skillId: undefined }), "OC1001: skills[0].skillId: missing, expected text"],
  [
    "with an empty id",
    reference({ skillId: "" }),
    "OC1003: skills[0].skillId: got an empty string, expected at least 1 character",
  ],
  [
    "with a long id",
    reference({ skillId: "s".repeat(65) }),
    "OC1003: skills[0].skillId: got text of 65 characters, expected at most 64 characters",
  ],
  ["in version 0", reference({ version: 0 }), "OC1003: skills[0].version: got a number below 1, expected at least 1"],
  ["in version -1", reference({ version: -1 }), "OC1003: skills[0].version: got a number below 1, expected at least 1"],
  ["in version 1.5", reference({ version: 1.5 }), `OC1003: skills[0].version: got a number, ${versionExpected}`],
  ["in version NaN", reference({ version: Number.NaN }), `OC1003: skills[0].version: got NaN, ${versionExpected}`],
  ["in version true", reference({ version: true }), `OC1003: skills[0].version: got a boolean, ${versionExpected}`],
  ["in version null", reference({ version: null }), `OC1003: skills[0].version: got null, ${versionExpected}`],
  [
    "in an empty version",
    reference({ version: "" }),
    `OC1003: skills[0].version: got an empty string, ${versionExpected}`,
  ],
  [
    "in version 1e21",
    reference({ version: 1e21 }),
    "OC1003: skills[0].version: got a number above 9007199254740991, expected at most 9007199254740991",
  ],
  ...["0", "02", "-1", "1.0", "newest", "Latest", " 2"].map((version): [string, unknown, string] => [
    `in version ${JSON.stringify(version)}`,
    reference({ version }),
    `OC1003: skills[0].version: got text of ${version.length} ${version.length === 1 ? "character" : "characters"}, ${versionExpected}`,
  ]),
  ["with a source and an id", reference({ source: source() }), "OC1002: skills[0].source: unknown property"],
  ["without name", inline({ name: "" }), "OC1003: skills[0].name: got an empty string, expected at least 1 character"],
  [
    "without description",
    inline({ description: "" }),
    "OC1003: skills[0].description: got an empty string, expected at least 1 character",
  ],
  ["without source", inline({ source: undefined }), "OC1001: skills[0].source: missing, expected an object"],
  [
    "from a URL",
    inline({ source: { ...source(), type: "url" } }),
    'OC1003: skills[0].source.type: got text of 3 characters, expected "base64" or "folder"',
  ],
  [
    "as a tarball",
    inline({ source: { ...source(), mediaType: "application/gzip" } }),
    'OC1003: skills[0].source.mediaType: got text of 16 characters, expected "application/zip"',
  ],
  [
    "without data",
    inline({ source: source("") }),
    "OC1003: skills[0].source.data: got an empty string, expected at least 1 character",
  ],
  ...["QQ", "QQ=", "QQ===", "QUI=QUI=", "====", "QQ-_", "QQ==\n", "QQ =", "QÜI=", "=QUI"].map(
    (data): [string, unknown, string] => [
      `with ${JSON.stringify(data)} for base64`,
      inline({ source: source(data) }),
      `OC1003: skills[0].source.data: got text of ${data.length} characters, expected base64 with padding`,
    ],
  ),
];

describe("the argument skills", () => {
  for (const [what, skill, message] of bad) {
    it(`refuses a skill ${what}`, () => assert.deepEqual(result([skill]).problems, [message]));
  }

  it("keeps the order of skills, with versions as text", () => {
    const skills = [inline(), reference({ version: 2 }), reference({ skillId: "b", version: "2" })];
    assert.deepEqual(result(skills).value, [
      inline(),
      reference({ version: "2" }),
      reference({ skillId: "b", version: "2" }),
    ]);
  });

  it("accepts the version latest, and none", () => {
    const skills = [reference({ version: "latest" }), reference({ skillId: "b" })];
    assert.deepEqual(result(skills), { value: skills, problems: [] });
  });

  it("takes an empty list for none", () => {
    assert.deepEqual(normalise({ backend: "openai", skills: [] }), normalise({ backend: "openai" }));
  });

  it("refuses the same skill twice", () => {
    const again = (index: number, first: number) =>
      `OC1004: skills[${index}]: got the same skill as skills[${first}], expected each skill once`;
    const skills = [
      reference(),
      inline(),
      inline({ name: "skill_1" }),
      reference({ version: 3 }),
      inline({ description: "another" }),
    ];
    assert.deepEqual(result(skills).problems, [again(3, 0), again(4, 1)]);
  });

  it("validates the known parts beside unknown ones", () => {
    const skills = [
      unknownValue,
      reference({ skillId: unknownValue, version: unknownValue }),
      reference({ skillId: unknownValue }),
      reference({ type: unknownValue }),
      reference(),
      inline({ name: unknownValue, source: unknownValue }),
      inline({ name: unknownValue, source: source(unknownValue) }),
    ];
    assert.deepEqual(result(skills), { value: skills, problems: [] });
    assert.deepEqual(result([...skills, reference({ version: unknownValue }), inline({ name: "" })]).problems, [
      "OC1003: skills[8].name: got an empty string, expected at least 1 character",
      "OC1004: skills[7]: got the same skill as skills[4], expected each skill once",
    ]);
  });

  it("validates the largest inline skill in linear time, valid or invalid at its end", async () => {
    const greatest = 70_254_592;
    const data = "A".repeat(greatest);
    const both = (length: number) =>
      processorTime(() => {
        assert.deepEqual(result([inline({ source: source("A".repeat(length)) })]).problems, []);
        assert.deepEqual(result([inline({ source: source(`${"A".repeat(length - 1)}!`) })]).problems, [
          `OC1003: skills[0].source.data: got text of ${length} characters, expected base64 with padding`,
        ]);
      });
    const [part, whole] = [await both(greatest / 16), await both(greatest)];
    assert.ok(whole < 100 * part, `${part} ms, ${whole} ms`);
    assert.deepEqual(result([inline({ source: source(`${data}AAAA`) })]).problems, [
      `OC1003: skills[0].source.data: got text of ${greatest + 4} characters, expected at most ${greatest} characters`,
    ]);
  });
});
