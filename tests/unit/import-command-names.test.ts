import assert from "node:assert/strict";
import fc from "fast-check";
import { camelCase, identifierFor } from "../../sdk/cli/import/identifiers";
import { resourceNamePattern, resourceNames } from "../../sdk/cli/import/resource-names";

const anyName = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 256 }),
  fc.stringMatching(/^[A-Za-z0-9 _./-]{1,12}$/),
  fc.constantFrom("a", "a-2", "a 2", "class", "分析", "../..", "a\u202eb"),
);
const containers = fc
  .array(anyName, { maxLength: 20 })
  .map((names) => names.map((name, index) => ({ id: `cntr_${index}`, name })));

describe("identifiers of the import command", () => {
  const examples: [name: string, identifier: string][] = [
    ["web-scraper", "webScraper"],
    ["Web Scraper", "webScraper"],
    ["HTTPServer", "httpServer"],
    ["API", "api"],
    ["Café", "cafe"],
    ["box-1-2", "box1_2"],
    ["2nd box", "container2ndBox"],
    ["分析", "container"],
    ["__proto__", "proto"],
    ["a\u200b\u202eb", "aB"],
  ];
  for (const [name, identifier] of examples) {
    it(`turn the name ${JSON.stringify(name)} into ${identifier}`, () => assert.equal(camelCase(name), identifier));
  }

  it("are followed by a number where another container has the same one", () => {
    const taken = new Set<string>();
    const names = ["foo-bar", "foo_bar", "foo.bar", "box-1", "box_1"];
    assert.deepEqual(
      names.map((name) => identifierFor(name, taken)),
      ["fooBar", "fooBar2", "fooBar3", "box1", "box1_2"],
    );
  });

  it("are never a reserved word or a name that the generated code uses", () => {
    for (const word of ["class", "await", "pulumi", "config", "exports", "require", "default"])
      assert.equal(identifierFor(word, new Set()), `${word}Container`);
  });
});

describe("names of imported resources", () => {
  const namesOf = (...names: string[]) => [
    ...resourceNames(
      names.map((name, index) => ({ id: String(index), name })),
      new Map(),
      [],
    ).values(),
  ];

  it("are the containers' own names where these are valid and unique", () => {
    assert.deepEqual(namesOf("web.scraper_1", "Analysis"), ["web.scraper_1", "Analysis"]);
    assert.deepEqual(namesOf("a b", "aB", "a b"), ["aB", "aB-2", "aB-3"]);
    assert.deepEqual(namesOf("", "x".repeat(101)), ["container", "x".repeat(60)]);
  });

  it("are valid for long names of which two are the same", () => {
    const long = "x".repeat(100);
    assert.deepEqual(namesOf(long, long), [long, `${"x".repeat(90)}-2`]);
  });

  it("are valid, unique and not those of other resources, whatever the containers' names are", () => {
    fc.assert(
      fc.property(containers, fc.array(anyName), (all, taken) => {
        const names = [...resourceNames(all, new Map(), taken).values()];
        assert.equal(names.length, all.length);
        assert.equal(new Set([...names, ...taken]).size, new Set(taken).size + names.length);
        for (const name of names) assert.match(name, resourceNamePattern);
      }),
    );
  });

  it("stay as they are when a container is added", () => {
    fc.assert(
      fc.property(containers, anyName, (all, name) => {
        const before = resourceNames(all, new Map(), []);
        const after = resourceNames([...all, { id: "cntr_new", name }], new Map(), []);
        for (const [id, same] of before) assert.equal(after.get(id), same);
      }),
    );
  });

  it("stay as they are decided", () => {
    const all = [
      { id: "1", name: "a" },
      { id: "2", name: "b" },
    ];
    assert.deepEqual([...resourceNames(all, new Map([["2", "a"]]), [])].sort(), [
      ["1", "a-2"],
      ["2", "a"],
    ]);
  });
});
