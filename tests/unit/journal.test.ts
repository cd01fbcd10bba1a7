import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Journal } from "../../provider/lifecycle/journal/journal";
import { journalFolder, journalIn, someRun } from "../support/journal";

const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/openai-containers:Container::analysis";
const what = { urn, backend: "docker", location: "docker:HERE", name: "analysis-1", nameIsDrawn: true } as const;

describe("the journal", () => {
  let folder: string;
  beforeEach(() => {
    folder = journalFolder();
  });

  const files = () => readdirSync(folder);
  const cutShort = (id?: string, run = someRun) => {
    const journal = journalIn(folder, run);
    const file = journal.begin(what);
    if (id !== undefined) journal.name(file, id);
    return file;
  };
  const next = (run = someRun) => journalIn(folder, run);
  const idsOf = (journal: Journal) => journal.leftOf(urn).map(({ entry }) => entry.id);

  it("is one file for each create, which a person can read and nobody else", () => {
    const file = cutShort("cntr_1");
    assert.deepEqual(
      files().map((name) => join(folder, name)),
      [file],
    );
    const { time, named, ...rest } = JSON.parse(readFileSync(file, "utf8"));
    assert.deepEqual(rest, { ...what, program: "/shop", state: "0123456789abcdef", id: "cntr_1" });
    for (const written of [time, named]) assert.ok(Math.abs(Date.parse(written) - Date.now()) < 60_000);
    assert.match(readFileSync(file, "utf8"), /^\{\n {2}"urn": /);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it("tells the next run of the same program and state what was left of a resource, and no other", () => {
    cutShort("cntr_1");
    assert.deepEqual(idsOf(next()), ["cntr_1"]);
    assert.deepEqual(idsOf(next({ ...someRun, program: "/elsewhere" })), []);
    assert.deepEqual(idsOf(next({ ...someRun, state: "fedcba9876543210" })), []);
    assert.deepEqual(next().leftOf(`${urn}-2`), []);
  });

  it("tells nothing of what this run began itself", () => {
    const journal = next();
    journal.begin(what);
    assert.deepEqual(journal.leftOf(urn), []);
  });

  it("forgets what came into state", () => {
    cutShort("cntr_1");
    cutShort("cntr_2");
    const journal = next();
    journal.stored("cntr_1");
    assert.deepEqual(idsOf(journal), ["cntr_2"]);
    assert.equal(files().length, 1);
  });

  it("forgets at an orderly end what has an id, and not what nobody knows the end of", () => {
    const journal = next();
    journal.name(journal.begin(what), "cntr_1");
    journal.begin(what);
    journal.end();
    assert.deepEqual(idsOf(next()), [undefined]);
  });

  it("forgets what is dropped", () => {
    const journal = next();
    const file = journal.begin(what);
    journal.drop(file);
    journal.name(file, "cntr_1");
    assert.deepEqual(files(), []);
  });

  it("passes over what is no entry", () => {
    cutShort("cntr_1");
    writeFileSync(join(folder, "torn.json"), '{ "urn": "urn:pul');
    writeFileSync(join(folder, "foreign.json"), "{}");
    writeFileSync(join(folder, "0123.json.new"), "{}");
    assert.deepEqual(idsOf(next()), ["cntr_1"]);
  });

  it("is empty where nothing was ever written", () => {
    assert.deepEqual(journalIn(join(folder, "none")).leftOf(urn), []);
  });

  it("keeps beyond an orderly end what a create may have made besides", () => {
    const journal = next();
    const file = journal.begin(what);
    journal.orphaned(file, { id: "cntr_1" });
    journal.orphaned(file, { besides: "cntr_2" });
    journal.name(file, "cntr_2");
    journal.end();
    const later = next();
    later.stored("cntr_2");
    assert.deepEqual(idsOf(later).sort(), ["cntr_1", undefined]);
    assert.deepEqual(
      later
        .leftOf(urn)
        .map(({ entry }) => entry.besides)
        .sort(),
      ["cntr_2", undefined],
    );
  });

  describe("that cannot be used", () => {
    let warnings: string[];
    beforeEach(() => {
      warnings = [];
    });
    const warned = (at = folder) => new Journal(at, someRun, (text) => warnings.push(text));

    it("says so where its folder cannot be read, which is not that nothing was written down", () => {
      const file = join(folder, "a-file");
      writeFileSync(file, "");
      assert.deepEqual(warned(file).leftOf(urn), []);
      assert.match(
        warnings.join(),
        /^cannot read the journal in \S+ \(ENOTDIR: not a directory\): containers .* may be missed\./,
      );
    });

    it("says so where an entry cannot be read, and finds the others", () => {
      cutShort("cntr_1");
      mkdirSync(join(folder, "0123.json")); // which root cannot read either
      assert.deepEqual(idsOf(warned()), ["cntr_1"]);
      assert.match(warnings.join(), /^cannot read the journal in \S+ \(EISDIR/);
    });

    it("says so where nothing can be written, and fails nothing", () => {
      const file = join(folder, "a-file");
      writeFileSync(file, "");
      const journal = warned(file);
      const begun = journal.begin(what);
      journal.name(begun, "cntr_1");
      journal.orphaned(begun, { id: "cntr_2" });
      journal.end();
      assert.match(warnings[0] ?? "", /^cannot write the journal in \S+ \(\w+: [\w ]+\): a container is orphaned if/);
      assert.deepEqual(new Set(warnings), new Set([warnings[0]])); // which is said once
    });

    it("says so where an entry cannot be removed, and fails no call that brings its id, nor the end", () => {
      const journal = warned();
      const [stored, own] = [cutShort("cntr_1"), journal.begin(what)];
      journal.name(own, "cntr_2");
      journal.leftOf(urn);
      for (const file of [stored, own]) {
        rmSync(file);
        mkdirSync(file); // in its place, as on a file system that became read-only: no unlink succeeds
      }
      journal.stored("cntr_1");
      journal.end();
      assert.equal(warnings.length, 2);
      for (const warning of warnings) assert.match(warning, /^cannot remove settled entries of the journal in /);
      assert.deepEqual(idsOf(journal), []);
    });
  });
});
