import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";

const lockModule = () => import("../../scripts/set-up/lock.mjs");

describe("locked", () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lock-test-"));
    file = join(folder, "lock");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const notWaiting = () => assert.fail("it waits");

  it("lets one process in at a time", async () => {
    const log = join(folder, "log");
    const module = pathToFileURL(join(__dirname, "../../scripts/set-up/lock.mjs")).href;
    const program = `
      import { appendFileSync } from "node:fs";
      import { setTimeout as sleep } from "node:timers/promises";
      import { locked } from ${JSON.stringify(module)};
      await locked(${JSON.stringify(file)}, () => {}, async () => {
        appendFileSync(${JSON.stringify(log)}, process.pid + " in\\n");
        await sleep(100);
        appendFileSync(${JSON.stringify(log)}, process.pid + " out\\n");
      });`;
    const holders = [1, 2, 3].map(() => spawn(process.execPath, ["--input-type=module", "-e", program]));
    for (const [code] of await Promise.all(holders.map((holder) => once(holder, "exit")))) assert.equal(code, 0);

    const lines = readFileSync(log, "utf8").trim().split("\n");
    assert.equal(lines.length, 6);
    for (let line = 0; line < lines.length; line += 2) {
      assert.match(lines[line] ?? "", / in$/);
      assert.equal(lines[line + 1], lines[line]?.replace("in", "out"));
    }
  });

  it("makes a second holder in the same process wait, and reports that once", async () => {
    const { locked } = await lockModule();
    const events: string[] = [];
    const hold = (name: string) =>
      locked(
        file,
        () => events.push(`${name} waits`),
        async () => {
          events.push(`${name} in`);
          await sleep(600);
          events.push(`${name} out`);
        },
      );
    await Promise.all([hold("a"), hold("b")]);
    assert.deepEqual(events, ["a in", "b waits", "a out", "b in", "b out"]);
  });

  it("takes over at once from a holder whose process has ended", async () => {
    const { locked } = await lockModule();
    writeFileSync(file, String(spawnSync(process.execPath, ["--version"]).pid));
    const since = Date.now();
    assert.equal(
      await locked(
        file,
        () => {},
        async () => "done",
      ),
      "done",
    );
    assert.ok(Date.now() - since < 30_000, "which is the time without a heartbeat");
    assert.deepEqual(readdirSync(folder), []);
  });

  it("takes over from a holder that no longer renews the lock", async () => {
    const { locked } = await lockModule();
    const minuteAgo = new Date(Date.now() - 60_000);
    writeFileSync(file, String(process.pid));
    utimesSync(file, minuteAgo, minuteAgo);
    assert.equal(
      await locked(
        file,
        () => {},
        async () => "done",
      ),
      "done",
    );
  });

  it("holds the lock during the work, and returns its result", async () => {
    const { locked } = await lockModule();
    const held = await locked(file, notWaiting, async () => readFileSync(file, "utf8"));
    assert.equal(held, String(process.pid));
    assert.equal(existsSync(file), false);
  });

  it("releases the lock where the work throws", async () => {
    const { locked } = await lockModule();
    const failure = new Error("no");
    await assert.rejects(
      locked(file, notWaiting, () => Promise.reject(failure)),
      failure,
    );
    assert.equal(await locked(file, notWaiting, async () => "next"), "next");
  });
});
