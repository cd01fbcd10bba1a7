import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Journal } from "../../provider/lifecycle/journal";
import { journalFolder, someRun } from "../support/journal";

const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/openai-containers:Container::analysis";
const what = { urn, backend: "docker", location: "docker:HERE", name: "analysis-1", nameIsDrawn: true } as const;

describe("the journal", () => {
  let folder: string;
  beforeEach(() => {
    folder = journalFolder();
  });

  const files = () => readdirSync(folder);
  const cutShort = (id?: string, run = someRun) => {
    const journal = new Journal(folder, run);
    const file = journal.begin(what);
    if (id !== undefined) journal.name(file, id);
    return file;
  };
  const next = (run = someRun) => new Journal(folder, run);
  const idsOf = (journal: Journal) => journal.leftOf(urn).map(({ entry }) => entry.id);

  it("is one file for each create, which a person can read and nobody else", () => {
    const file = cutShort("cntr_1");
    assert.deepEqual(
      files().map((name) => join(folder, name)),
      [file],
    );
    const { time, ...rest } = JSON.parse(readFileSync(file, "utf8"));
    assert.deepEqual(rest, { ...what, program: "/shop", state: "0123456789abcdef", id: "cntr_1" });
    assert.ok(Math.abs(Date.parse(time) - Date.now()) < 60_000);
    assert.match(readFileSync(file, "utf8"), /^\{\n {2}"urn": /);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it("tells the next run of the same program and state what was left of a resource, and no other", () => {
    cutShort("cntr_1");
    assert.deepEqual(idsOf(next()), ["cntr_1"]);
    assert.deepEqual(idsOf(next({ ...someRun, program: "/elsewhere" })), []);
    assert.deepEqual(idsOf(next({ ...someRun, state: "fedcba9876543210" })), []);
    assert.deepEqual(next().leftOf(`${urn}-2`), []);
    assert.equal(next({ ...someRun, program: "/elsewhere" }).left().length, 1);
  });

  it("tells nothing of what this run began itself", () => {
    const journal = next();
    journal.begin(what);
    assert.deepEqual(journal.left(), []);
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
    assert.deepEqual(new Journal(join(folder, "none"), someRun).left(), []);
  });
});
