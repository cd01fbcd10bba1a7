import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { basename } from "node:path";
import { processMark } from "../../provider/lifecycle/journal/process-mark";
import { engine } from "../support/docker";
import { Doctor, urnOf, withServer } from "../support/doctor";
import type { CommandResult } from "../support/run-main";

describe("openai-containers doctor", () => {
  let doctor: Doctor;
  beforeEach(async () => {
    doctor = await Doctor.open();
  });
  afterEach(() => doctor.end());

  it("reports that there are no pending entries, with and without a journal folder", async () => {
    const none = `There are no pending entries in ${doctor.folder}.\n`;
    const assertNone = ([exitCode, out, err]: CommandResult) => {
      assert.deepEqual([exitCode, err], [0, ""]);
      assert.ok(out.startsWith(`${none}\nDocker engines, `), out);
    };
    assertNone(await doctor.run());
    assert.deepEqual(await doctor.run(["--clear"]), [0, none, ""]);
    mkdirSync(doctor.folder, { recursive: true });
    assertNone(await doctor.run());
    assert.deepEqual(doctor.emulator.requests, []);
  });

  it("lists pending entries and the remedies, without a request to the API and without an API key", async () => {
    const id = doctor.container("box-1");
    const files = [
      await doctor.pending("box", "box-1", { id }),
      await doctor.pending("bag::2", "bag-1"),
      await doctor.pending("tin", "tin", { isChosen: true }),
    ];
    const [exitCode, out, err] = await doctor.run([], { OPENAI_API_KEY: undefined });
    assert.deepEqual([exitCode, err], [0, ""]);
    assert.match(out, /^3 pending entries:\n/);
    const block = `
box
  entry      ${basename(files[0] ?? "", ".json")}
  created    TIME
  URN        ${urnOf("box")}
  program    /shop
  location   ${doctor.location}
  container  ${id}, name "box-1" (auto-generated)
  run        ended
`;
    assert.ok(out.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME").includes(block), out);
    assert.match(out, /\nbag::2\n(.+\n)+ {2}container {2}id unknown, name "bag-1" \(auto-generated\)\n/);
    assert.match(out, /\ntin\n(.+\n)+ {2}container {2}id unknown, name "tin" \(set by the program\)\n/);
    assert.match(out, /pulumi up.*doctor --clear\n.*doctor --forget ENTRY\n\nDocker engines, /s);
    assert.ok(files.every((file) => existsSync(file)));
    assert.deepEqual(doctor.emulator.requests, []);
  });

  it("lists a run as in progress while its process exists and its Pulumi engine responds", () =>
    withServer(async (address) => {
      const inProgress = doctor.journal(address, processMark(process.pid));
      await doctor.pending("box", "box-1", { journal: inProgress });
      await doctor.pending("bag", "bag-1");
      const [, out] = await doctor.run();
      assert.match(out, new RegExp(`\nbox\n(.+\n)+ {2}run {8}in progress: .* ${address} responds\n\nbag\n`));
    }));

  it("lists a run as ended when another process listens at its engine's address", () =>
    withServer(async (address) => {
      const ended = doctor.journal(address, { pid: process.pid, started: "long ago" });
      const file = await doctor.pending("box", "box-1", { id: doctor.container("box-1"), journal: ended });
      assert.match((await doctor.run())[1], / {2}run {8}ended\n/);
      assert.equal((await doctor.run(["--clear"]))[0], 0);
      assert.deepEqual([doctor.containerIds(), existsSync(file)], [[], false]);
    }));

  it("warns of AF_VSOCK with OC5019 where the engine is older than Docker 23, and only there", async () => {
    const host = await engine();
    const { ApiVersion } = await host.client.version();
    const isOld = Number(ApiVersion.split(".")[1]) < 42;
    const [exitCode, out, err] = await doctor.run([], { DOCKER_HOST: host.address });
    assert.deepEqual([exitCode, err], [0, ""]);
    assert.equal(/^OC5019: .*AF_VSOCK/m.test(out), isOld, out);
  });
});
