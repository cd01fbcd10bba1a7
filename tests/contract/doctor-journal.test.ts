import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Doctor } from "../support/doctor";

describe("openai-containers doctor, with a damaged journal", () => {
  let doctor: Doctor;
  beforeEach(async () => {
    doctor = await Doctor.open();
  });
  afterEach(() => doctor.end());

  it("reports an entry that cannot be read with OC5010", async () => {
    mkdirSync(join(doctor.folder, "0123.json"), { recursive: true });
    const [exitCode, out, err] = await doctor.run(["--clear"]);
    assert.deepEqual([exitCode, out], [1, ""]);
    const [first = "", second = "", ...rest] = err.split("\n");
    assert.match(
      first,
      /^OC5010: Cannot read .*0123\.json, which may be a pending entry: it is a folder\. Remove it\.$/,
    );
    assert.match(second, /^OC5020: Files of the journal not read: 1 in /);
    assert.deepEqual(rest, [""]);
  });

  it("reports unrecognized files with OC5011, and keeps them", async () => {
    const file = await doctor.pending("box", "box-1", { id: doctor.container("box-1") });
    const unrecognized = ["notes.txt", "torn.json", "torn.json.new"].map((name) => join(doctor.folder, name));
    for (const each of unrecognized) writeFileSync(each, '{"urn": "urn:pul');
    const [exitCode, out, err] = await doctor.run(["--clear"]);
    assert.equal(exitCode, 1);
    assert.match(out, /Its entry was removed/);
    const reported = [...err.matchAll(/^OC5011: Unrecognized file (\S+): .+$/gm)].map(([, name]) => name);
    assert.deepEqual(reported.sort(), unrecognized);
    assert.match(err, /\nOC5020: Files of the journal not read: 3 in .+\n$/);
    assert.deepEqual([doctor.files(), existsSync(file)], [unrecognized, false]);
  });

  it("fails with OC5009 where the journal cannot be read", async () => {
    mkdirSync(join(doctor.folder, ".."), { recursive: true });
    writeFileSync(doctor.folder, "");
    const [exitCode, out, err] = await doctor.run();
    assert.deepEqual([exitCode, out], [1, ""]);
    assert.equal(
      err,
      `OC5009: Cannot read the journal: ${doctor.folder} is a file, not a folder. Remove it, or set XDG_STATE_HOME as in the runs of Pulumi.\n`,
    );
  });

  it("names with OC5009 the file that stands in the path of the journal's folder", async () => {
    const file = join(doctor.state, "plain");
    writeFileSync(file, "");
    const [exitCode, , err] = await doctor.run([], { XDG_STATE_HOME: file });
    assert.equal(exitCode, 1);
    assert.ok(err.startsWith(`OC5009: Cannot read the journal: ${file} is a file, not a folder. `), err);
  });
});
