import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { processMark } from "../../provider/lifecycle/journal/process-mark";
import { Doctor, withServer } from "../support/doctor";
import { key } from "../support/hosted";

describe("openai-containers doctor --clear", () => {
  let doctor: Doctor;
  beforeEach(async () => {
    doctor = await Doctor.open();
  });
  afterEach(() => doctor.end());

  it("removes a container by its id and then its entry, after the warning OC5016", async () => {
    const [id, other] = [doctor.container("box-1"), doctor.container("box-1")];
    const file = await doctor.pending("box", "box-1", { id });
    const [exitCode, out, err] = await doctor.run(["--clear"]);
    assert.deepEqual([exitCode, err], [0, ""]);
    assert.match(out, /^OC5016: .*creates a new one.*Prefer `pulumi up`.*\n\nbox: /s);
    assert.ok(out.endsWith(`\nbox: container ${id} is gone from ${doctor.location}. Its entry was removed.\n`), out);
    assert.deepEqual([doctor.containerIds(), existsSync(file)], [[other], false]);
  });

  it("removes the entry of a container that is gone already", async () => {
    const file = await doctor.pending("box", "box-1", { id: "cntr_gone" });
    assert.deepEqual([(await doctor.run(["--clear"]))[0], existsSync(file)], [0, false]);
  });

  it("removes a container by its auto-generated name", async () => {
    const other = doctor.container("box-2");
    const file = await doctor.pending("box", "box-1");
    doctor.container("box-1");
    const [exitCode, out, err] = await doctor.run(["--clear"]);
    assert.deepEqual([exitCode, err], [0, ""]);
    assert.match(out, /\nbox: no container named "box-1" exists at .*\. Its entry was removed\.\n$/);
    assert.deepEqual([doctor.containerIds(), existsSync(file)], [[other], false]);
  });

  it("reports a container with a name set by the program, and does not remove it", async () => {
    const file = await doctor.pending("box", "shared", { isChosen: true });
    const id = doctor.container("shared");
    const [exitCode, out, err] = await doctor.run(["--clear"]);
    assert.deepEqual([exitCode, err], [0, ""]);
    assert.match(out, new RegExp(`\nbox: OC\\d{4}: .*${id}`));
    assert.match(out, /\nbox: no container was removed\. Its entry was removed\.\n$/);
    assert.deepEqual([doctor.containerIds(), existsSync(file)], [[id], false]);
  });

  it("skips the entry of a run in progress, and clears the others", () =>
    withServer(async (address) => {
      const [id, orphan] = [doctor.container("box-1"), doctor.container("bag-1")];
      const inProgress = doctor.journal(address, processMark(process.pid));
      const file = await doctor.pending("box", "box-1", { id, journal: inProgress });
      await doctor.pending("bag", "bag-1", { id: orphan });
      const [exitCode, out, err] = await doctor.run(["--clear"]);
      assert.deepEqual([exitCode, err], [0, ""]);
      assert.match(out, new RegExp(`\nbox: skipped, as its run is in progress: .* ${address} responds\\.\nbag: `));
      assert.deepEqual([doctor.containerIds(), existsSync(file)], [[id], true]);
    }));

  it("keeps the entry of another project with OC5017, without a request to the API", async () => {
    const id = doctor.container("box-1");
    const file = await doctor.pending("box", "box-1", { id });
    const [exitCode, , err] = await doctor.run(["--clear"], { OPENAI_PROJECT_ID: "proj_other" });
    assert.equal(exitCode, 1);
    const { location } = doctor;
    const [kept = "", summary = ""] = err.split("\n");
    assert.ok(kept.startsWith("OC5014: The entry of box was kept: OC5017: "), kept);
    assert.ok(kept.includes(`is at ${location}, but the environment variables name ${location} proj_other. Set`), kept);
    assert.match(kept, /OPENAI_BASE_URL, OPENAI_ORG_ID and OPENAI_PROJECT_ID/);
    assert.match(summary, /^OC5015: Entries kept: 1 of 1\. .*doctor --forget ENTRY\.$/);
    assert.deepEqual([doctor.containerIds(), existsSync(file), doctor.emulator.requests], [[id], true, []]);
  });

  it("keeps the entry of an unreachable engine, and clears the others", async () => {
    const kept = await doctor.pending("tub", "tub-1", { docker: true });
    const id = doctor.container("box-1");
    await doctor.pending("box", "box-1", { id });
    const [exitCode, out, err] = await doctor.run(["--clear"]);
    assert.equal(exitCode, 1);
    assert.match(
      err,
      /^OC5014: The entry of tub was kept: OC\d{4}: .*no-engine\.sock.*\nOC5015: Entries kept: 1 of 2\..*\n$/,
    );
    assert.match(out, /\nbox: container .* is gone from/);
    assert.deepEqual([doctor.containerIds(), doctor.files()], [[], [kept]]);
  });

  it("keeps every entry where the API is down, or rejects the API key, or there is none", async () => {
    const id = doctor.container("box-1");
    const kept = [await doctor.pending("box", "box-1", { id }), await doctor.pending("bag", "bag-1")].sort();
    const bothKept = (reason: string) =>
      new RegExp(
        ["box", "bag"].map((name) => `OC5014: The entry of ${name} was kept: OC\\d{4}: .*${reason}.*\n`).join("") +
          "OC5015: Entries kept: 2 of 2\\.",
      );
    const [noKey, , missing] = await doctor.run(["--clear"], { OPENAI_API_KEY: undefined });
    assert.equal(noKey, 1);
    assert.match(missing, bothKept("OPENAI_API_KEY"));

    const body = { error: { message: `Incorrect API key provided: ${key}.`, code: "invalid_api_key" } };
    doctor.emulator.fault({ times: 2, answer: { status: 401, body } });
    const [wrongKey, , rejected] = await doctor.run(["--clear"]);
    assert.equal(wrongKey, 1);
    assert.match(rejected, bothKept("OPENAI_API_KEY"));

    await doctor.emulator.stop();
    const [down, , refused] = await doctor.run(["--clear"]);
    assert.equal(down, 1);
    assert.match(refused, bothKept("ECONNREFUSED"));
    assert.deepEqual(doctor.files(), kept);
  });
});
