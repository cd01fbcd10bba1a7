import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { Backend, PendingCreate } from "../../provider/backends/backend";
import { type Entry, keyOf, read, write } from "../../provider/lifecycle/journal/files";
import { removeOrphans, warnOfOrphans } from "../../provider/lifecycle/journal/orphans";
import { processMark } from "../../provider/lifecycle/journal/process-mark";
import { journalFolder, journalIn, someRun } from "../support/journal";
import { rejectingBackend } from "../support/rejecting-backend";
import { silent } from "../support/silent";

const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/openai-containers:Container::analysis";
const what = { urn, backend: "docker", location: "docker:HERE", name: "analysis-1", nameIsDrawn: true } as const;

describe("a container that an interrupted run has orphaned", () => {
  let folder: string;
  let removed: PendingCreate[];
  let warnings: string[];
  beforeEach(() => {
    folder = journalFolder();
    removed = [];
    warnings = [];
  });

  function engine(candidates: string[] = []): Backend {
    const removePending = async (pending: PendingCreate) => {
      removed.push(pending);
      return candidates;
    };
    return { ...rejectingBackend, removePending };
  }

  function interruptedRun(changes: Partial<Omit<Entry, "time" | "program" | "state">> = {}): string {
    const { engine: address, process, id, ...named } = changes;
    const journal = journalIn(folder, { ...someRun, engine: address, process });
    const file = journal.begin({ ...what, ...named });
    if (id !== undefined) journal.setId(file, id);
    return keyOf(file);
  }

  /** A server at the address of an earlier run's engine. */
  async function listening(): Promise<{ address: string; stop(): Promise<void> }> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    return { address: `127.0.0.1:${port}`, stop: async () => void (await once(server.close(), "close")) };
  }

  const remove = (backend: Backend) => {
    const report = { ...silent, warning: (code: string, text: string) => warnings.push(`${code}: ${text}`) };
    return removeOrphans(urn, backend, journalIn(folder), report);
  };
  const pending = () => read(folder).pending.length;

  const remedy = (key = "") =>
    `run openai-containers doctor --clear with settings for that account or engine. If that is gone for good: openai-containers doctor --forget ${key}`;

  it("is removed by its id, name and time, and its entry with it", async () => {
    interruptedRun({ id: "cntr_1" });
    await remove(engine());
    const [{ id, name, nameIsDrawn, time } = assert.fail()] = removed;
    assert.deepEqual([id, name, nameIsDrawn], ["cntr_1", "analysis-1", true]);
    assert.ok(Math.abs(time - Date.now()) < 60_000);
    assert.equal(pending(), 0);
    assert.deepEqual(warnings, []);
  });

  it("is not removed while its run is in progress", async () => {
    const engineOfRun = await listening();
    const ofThis = processMark(process.pid);
    interruptedRun({ id: "cntr_1", engine: engineOfRun.address, process: ofThis });
    await remove(engine());
    assert.deepEqual(removed, []);
    assert.equal(pending(), 1);
    assert.match(warnings.join(), /^OC2015: container cntr_1 is not removed, /);
    await engineOfRun.stop();
    await remove(engine());
    assert.equal(removed.length, 1);
  });

  it("is removed although another process has the address of its run's engine", async () => {
    const other = await listening();
    const { started } = processMark(process.pid) ?? assert.fail();
    const { pid } = spawnSync(process.execPath, ["--version"]);
    interruptedRun({ id: "cntr_1", engine: other.address, process: { pid, started } }); // a process that has ended
    interruptedRun({ id: "cntr_2", engine: other.address, process: { pid: process.pid, started: `${started}0` } }); // a later one of its number
    await remove(engine());
    await other.stop();
    assert.deepEqual(removed.map(({ id }) => id).sort(), ["cntr_1", "cntr_2"]);
  });

  it("is removed by the time at which it was requested, not that of the entry", async () => {
    interruptedRun({ id: "cntr_1" });
    const [{ file, entry } = assert.fail()] = read(folder).pending;
    write(file, { ...entry, time: new Date(0).toISOString() }); // a long time ago, before its image was pulled
    await remove(engine());
    assert.ok(Math.abs((removed[0]?.time ?? 0) - Date.now()) < 60_000);
  });

  it("is kept, with a warning, where it is in another account or engine", async () => {
    const keys = [
      interruptedRun({ backend: "openai", location: "docker:HERE" }),
      interruptedRun({ id: "cntr_1", location: "docker:ELSEWHERE" }),
    ];
    await remove(engine());
    assert.deepEqual(removed, []);
    assert.deepEqual(warnings.sort(), [
      `OC2016: a container "analysis-1" of an interrupted run may be orphaned at docker:HERE: ${remedy(keys[0])}`,
      `OC2016: container cntr_1 of an interrupted run may be orphaned at docker:ELSEWHERE: ${remedy(keys[1])}`,
    ]);
    assert.equal(pending(), 2);
  });

  it("is reported and not removed where other containers may have its name, and its entry is removed", async () => {
    interruptedRun({ name: "reports", nameIsDrawn: false });
    await remove(engine(["cntr_1", "cntr_2"]));
    assert.equal(warnings.length, 1);
    assert.match(warnings.join(), /^OC2017: .* cntr_1 or cntr_2 \(named "reports" by the program\): /);
    assert.equal(pending(), 0);
  });

  it("is reported and not removed while the resource is in state, as in a preview", async () => {
    const key = interruptedRun({ id: "cntr_1" });
    const report = { ...silent, warning: (code: string, text: string) => warnings.push(`${code}: ${text}`) };
    await warnOfOrphans(urn, journalIn(folder), report);
    assert.deepEqual(warnings, [
      `OC2016: container cntr_1 of an interrupted run may be orphaned at docker:HERE: replace this resource, or ${remedy(key)}`,
    ]);
    assert.equal(pending(), 1);
  });

  it("keeps its entry where removing it fails", async () => {
    interruptedRun({ id: "cntr_1" });
    const down = { ...engine(), removePending: () => Promise.reject(new Error("The engine is down.")) };
    await assert.rejects(remove(down), /The engine is down/);
    assert.equal(pending(), 1);
  });
});
