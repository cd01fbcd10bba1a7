import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { EmulatedRun } from "../hosted-live/emulated-run";

const creates = /^\/v1\/containers$/;

/** The runs that wait for uses to show, or for an expiry: all at the same time. */
describe("npm run test:hosted-live, complete", () => {
  let passed = 0;
  let asTheTable: EmulatedRun;
  let another: EmulatedRun;
  let expiring: EmulatedRun;
  before(async () => {
    asTheTable = await EmulatedRun.start(["--yes"], { listLagSeconds: 1 });
    another = await EmulatedRun.start(["--yes"], { listLagSeconds: 0 }, (emulator) =>
      emulator.fault({ times: 100_000, answer: { patch: { memory_limit: "1g", last_active_at: 1 } } }),
    );
    const clock = { now: () => Date.now() + passed };
    expiring = await EmulatedRun.start(["cells", "--expiry", "--yes"], { clock });
  });
  after(async () => {
    for (const run of [asTheTable, another, expiring]) await run?.stop();
  });

  it("passes on a service that is as the table says, creates what was announced, and removes it", async () => {
    const run = asTheTable;
    assert.equal(await run.exitCode(), 0, run.printed);
    const [, announced] = /\n {2}(\d+) containers, about/.exec(run.printed) ?? [];
    assert.equal(run.requests("POST", creates), Number(announced));
    assert.match(run.printed, /\nretrieving a container .* is use +yes +yes +as expected\n/);
    assert.match(run.printed, /\nafter a delete +404; stays in lists for a while +404; stays .* as expected\n/);
    assert.match(run.printed, /\ncopying a file .* is use +yes +not tried +the service has no endpoint for it\n/);
    assert.match(run.printed, /\nCells: 7 as expected, 0 different, 9 not tried\nContract: 21 passed, 0 failed\n/);
    assert.deepEqual(run.emulator.containers(), []);
  });

  it("fails on a service that ignores an argument and does not count a use, and removes what it created", async () => {
    const run = another;
    assert.equal(await run.exitCode(), 1, run.printed);
    assert.match(run.printed, /\n✗ .*: create reports the container as requested\n.*OC2119/);
    assert.match(run.printed, /\nretrieving a container .* is use +yes +no +DIFFERENT\n/);
    assert.match(run.printed, /\nafter a delete +404; stays .* 404; in no list +DIFFERENT\n/);
    assert.deepEqual(run.emulator.containers(), []);
  });

  it("waits with --expiry until a container has expired, by the API's clock, and lists it meanwhile", async () => {
    const run = expiring;
    await run.until(() => run.printed.includes("until the containers are 10 minutes old"));
    const retrieved = run.requests("GET", /cntr_/);
    passed = 11 * 60_000;
    await run.until(() => run.requests("GET", /cntr_/) > retrieved);
    passed = 21 * 60_000 + 5_000;
    await run.exitCode();
    assert.match(run.printed, /\nlisting .* \(after 21 minutes\) +no +no +as expected\n/);
    assert.match(run.printed, /\nretrieving .* \(after 21 minutes\) +yes +yes +as expected\n/);
    assert.match(run.printed, /\nwhat remains of an expired container +its entry +its entry +as expected\n/);
    assert.deepEqual(run.emulator.containers(), []);
  });
});

describe("npm run test:hosted-live", () => {
  let run: EmulatedRun | undefined;
  afterEach(() => run?.stop());

  it("sends nothing without a key", () => {
    const { OPENAI_API_KEY: _, ...env } = process.env;
    const script = join(__dirname, "../../scripts/test-hosted-live.mjs");
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--yes"], { env, encoding: "utf8" });
    assert.match(stderr, /^OPENAI_API_KEY is not set: .*\n$/);
    assert.deepEqual([status, stdout], [2, ""]);
  });

  it("prints the costs, and sends nothing until they are confirmed", async () => {
    run = await EmulatedRun.start([]);
    assert.equal(await run.exitCode(), 2);
    assert.match(run.printed, /contract of backends +1 of 4g +10 minutes each +\$0\.06\n/);
    assert.match(run.printed, /\n {2}32 containers, about \$0\.51\n/);
    assert.match(run.printed, /prices of 2026-06-02.*https:.*Add --yes/s);
    assert.deepEqual(run.emulator.requests, []);
  });

  it("rejects arguments that do not exist", async () => {
    run = await EmulatedRun.start(["everything", "--yes"]);
    assert.equal(await run.exitCode(), 2);
    assert.match(run.printed, /No part everything: there are cells and contract\.\nUsage: /);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`removes what it created when it gets ${signal}, and what is being created then`, async () => {
      run = await EmulatedRun.start(["contract", "--yes"], {}, (emulator) =>
        emulator.fault({ method: "POST", skip: 3, answer: { delayMs: 2_000 }, afterWork: true }),
      );
      const { emulator } = run;
      await run.until(() => emulator.containers().length > 3);
      run.child.kill(signal);
      assert.equal(await run.exitCode(), 130, run.printed);
      assert.match(run.printed, /\nInterrupted: .*\nCreated \d+ containers, and removed them all\.\n$/s);
      assert.deepEqual(emulator.containers(), []);
    });
  }

  it("lists what it could not remove, also where the service says that it did", async () => {
    const body = { object: "container.deleted", deleted: true };
    run = await EmulatedRun.start(["contract", "--yes"], {}, (emulator) =>
      emulator.fault({ method: "DELETE", times: 100_000, answer: { status: 200, body } }),
    );
    const { emulator } = run;
    await run.until(() => emulator.containers().length > 1);
    run.child.kill("SIGINT");
    assert.equal(await run.exitCode(), 130, run.printed);
    const [, listed = ""] = run.printed.split("Could not be removed:\n");
    assert.deepEqual(
      Array.from(listed.matchAll(/cntr_\w+/g), ([id]) => id).sort(),
      emulator
        .containers()
        .map(({ id }) => id)
        .sort(),
    );
  });
});
