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
  const interruptedRun = (id?: string, run = someRun) => {
    const journal = journalIn(folder, run);
    const file = journal.begin(what);
    if (id !== undefined) journal.setId(file, id);
    return file;
  };
  const next = (run = someRun) => journalIn(folder, run);
  const idsOf = (journal: Journal) => journal.pendingFor(urn).map(({ entry }) => entry.id);

  it("has one file for each create, as text that only its user can read", () => {
    const file = interruptedRun("cntr_1");
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

  it("returns the pending entries of a resource to the next run of the same program and state, and to no other", () => {
    interruptedRun("cntr_1");
    assert.deepEqual(idsOf(next()), ["cntr_1"]);
    assert.deepEqual(idsOf(next({ ...someRun, program: "/elsewhere" })), []);
    assert.deepEqual(idsOf(next({ ...someRun, state: "fedcba9876543210" })), []);
    assert.deepEqual(next().pendingFor(`${urn}-2`), []);
  });

  it("returns no entries of the run itself", () => {
    const journal = next();
    journal.begin(what);
    assert.deepEqual(journal.pendingFor(urn), []);
  });

  it("removes the entries of a container that is in state", () => {
    interruptedRun("cntr_1");
    interruptedRun("cntr_2");
    const journal = next();
    journal.settle("cntr_1");
    assert.deepEqual(idsOf(journal), ["cntr_2"]);
    assert.equal(files().length, 1);
  });

  it("removes at an orderly end of the run the entries with an id, and keeps those without", () => {
    const journal = next();
    journal.setId(journal.begin(what), "cntr_1");
    journal.begin(what);
    journal.end();
    assert.deepEqual(idsOf(next()), [undefined]);
  });

  it("removes an entry that is dropped", () => {
    const journal = next();
    const file = journal.begin(what);
    journal.drop(file);
    journal.setId(file, "cntr_1");
    assert.deepEqual(files(), []);
  });

  it("ignores files that are no entries", () => {
    interruptedRun("cntr_1");
    writeFileSync(join(folder, "torn.json"), '{ "urn": "urn:pul');
    writeFileSync(join(folder, "foreign.json"), "{}");
    writeFileSync(join(folder, "0123.json.new"), "{}");
    assert.deepEqual(idsOf(next()), ["cntr_1"]);
  });

  it("is empty where its folder does not exist", () => {
    assert.deepEqual(journalIn(join(folder, "none")).pendingFor(urn), []);
  });

  it("keeps the entries of possible further containers of a create beyond an orderly end of the run", () => {
    const journal = next();
    const file = journal.begin(what);
    journal.orphaned(file, { id: "cntr_1" });
    journal.orphaned(file, { besides: "cntr_2" });
    journal.setId(file, "cntr_2");
    journal.end();
    const later = next();
    later.settle("cntr_2");
    assert.deepEqual(idsOf(later).sort(), ["cntr_1", undefined]);
    assert.deepEqual(
      later
        .pendingFor(urn)
        .map(({ entry }) => entry.besides)
        .sort(),
      ["cntr_2", undefined],
    );
  });

  describe("that cannot be read or written", () => {
    let warnings: [code: string, text: string][];
    beforeEach(() => {
      warnings = [];
    });
    const warning = (at = folder) => new Journal(at, someRun, (code, text) => warnings.push([code, text]));
    const codes = () => warnings.map(([code]) => code);

    it("warns where its folder cannot be read", () => {
      const file = join(folder, "a-file");
      writeFileSync(file, "");
      assert.deepEqual(warning(file).pendingFor(urn), []);
      assert.deepEqual(codes(), ["OC2019"]);
      assert.match(warnings.join(), /cannot read the journal in \S+ \(ENOTDIR: not a directory\): /);
    });

    it("warns where an entry cannot be read, and returns the others", () => {
      interruptedRun("cntr_1");
      mkdirSync(join(folder, "0123.json")); // which root cannot read either
      assert.deepEqual(idsOf(warning()), ["cntr_1"]);
      assert.deepEqual(codes(), ["OC2019"]);
      const file = join(folder, "0123.json");
      assert.ok(warnings.join().includes(`the journal in ${folder} (${file} is a folder): `), warnings.join());
      assert.match(warnings.join(), /Remove that folder$/);
    });

    it("warns where nothing can be written, and fails no call", () => {
      const file = join(folder, "a-file");
      writeFileSync(file, "");
      const journal = warning(file);
      const begun = journal.begin(what);
      journal.setId(begun, "cntr_1");
      journal.orphaned(begun, { id: "cntr_2" });
      journal.end();
      assert.deepEqual(new Set(codes()), new Set(["OC2018"]));
      assert.equal(new Set(warnings.map(([, text]) => text)).size, 1); // in equal words, which are shown once
      assert.match(warnings.join(), /cannot write the journal in \S+ \(\w+: [\w ]+\): a container is orphaned if/);
    });

    it("warns where an entry cannot be removed, and fails neither the call that brings its id nor the end of the run", () => {
      const journal = warning();
      const [earlier, own] = [interruptedRun("cntr_1"), journal.begin(what)];
      journal.setId(own, "cntr_2");
      journal.pendingFor(urn);
      for (const file of [earlier, own]) {
        rmSync(file);
        mkdirSync(file); // a folder instead of the file, so that no unlink succeeds, as on a read-only file system
      }
      journal.settle("cntr_1");
      journal.end();
      assert.deepEqual(codes(), ["OC2020", "OC2020"]);
      assert.deepEqual(idsOf(journal), []);
    });
  });
});
