import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { processMark } from "../../provider/lifecycle/journal/process-mark";
import { Doctor, withServer } from "../support/doctor";

describe("openai-containers doctor --forget", () => {
  let doctor: Doctor;
  beforeEach(async () => {
    doctor = await Doctor.open();
  });
  afterEach(() => doctor.end());

  it("removes one entry, and neither its container nor another entry, without an API key", async () => {
    const id = doctor.container("box-1");
    const file = await doctor.pending("box", "box-1", { id });
    const other = await doctor.pending("bag", "bag-1");
    const args = ["--forget", basename(file, ".json")];
    const [exitCode, out, err] = await doctor.run(args, { OPENAI_API_KEY: undefined });
    assert.deepEqual([exitCode, err], [0, ""]);
    assert.ok(
      out.startsWith(`box: its entry was removed, without any request to ${doctor.location}. If container ${id}`),
      out,
    );
    assert.deepEqual([doctor.containerIds(), doctor.files(), doctor.emulator.requests], [[id], [other], []]);
  });

  it("fails with OC5012 for an unknown entry", async () => {
    const [exitCode, out, err] = await doctor.run(["--forget", "0123"]);
    assert.deepEqual([exitCode, out], [1, ""]);
    assert.match(err, /^OC5012: There is no entry "0123"\. .*openai-containers doctor.*\n$/);
  });

  it("fails with OC5013 for the entry of a run in progress, and keeps it", () =>
    withServer(async (address) => {
      const inProgress = doctor.journal(address, processMark(process.pid));
      const file = await doctor.pending("box", "box-1", { journal: inProgress });
      const [exitCode, out, err] = await doctor.run(["--forget", basename(file, ".json")]);
      assert.deepEqual([exitCode, out, existsSync(file)], [1, "", true]);
      assert.match(err, /^OC5013: The entry of box was kept, as its run is in progress: .*\n$/);
    }));
});
