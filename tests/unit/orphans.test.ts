import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { Backend, PendingCreate } from "../../provider/backends/backend";
import { type Entry, keyOf, read, write } from "../../provider/lifecycle/journal/files";
import { removeOrphans, warnOfOrphans } from "../../provider/lifecycle/journal/orphans";
import { processMark } from "../../provider/lifecycle/journal/process-mark";
import { journalFolder, journalIn, someRun } from "../support/journal";
import { silent } from "../support/silent";
import { unasked } from "../support/unasked";

const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/openai-containers:Container::analysis";
const what = { urn, backend: "docker", location: "docker:HERE", name: "analysis-1", nameIsDrawn: true } as const;

describe("what an interrupted run has orphaned", () => {
  let folder: string;
  let removed: PendingCreate[];
  let warnings: string[];
  beforeEach(() => {
    folder = journalFolder();
    removed = [];
    warnings = [];
  });

  function engine(candidates: string[] = []): Backend {
    const removePending = async (left: PendingCreate) => {
      removed.push(left);
      return candidates;
    };
    return { ...unasked, removePending };
  }

  function cutShort(changes: Partial<Omit<Entry, "time" | "program" | "state">> = {}): string {
    const { engine: address, process, id, ...named } = changes;
    const journal = journalIn(folder, { ...someRun, engine: address, process });
    const file = journal.begin({ ...what, ...named });
    if (id !== undefined) journal.name(file, id);
    return keyOf(file);
  }

  /** What listens where an old run's engine did. */
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
  const left = () => read(folder).left.length;

  const remedy = (key = "") =>
    `openai-containers doctor --clear, pointed at that place, removes it. If that place is gone for good: openai-containers doctor --forget ${key}`;

  it("is removed, with all that is known of it, and forgotten", async () => {
    cutShort({ id: "cntr_1" });
    await remove(engine());
    const [{ id, name, nameIsDrawn, time } = assert.fail()] = removed;
    assert.deepEqual([id, name, nameIsDrawn], ["cntr_1", "analysis-1", true]);
    assert.ok(Math.abs(time - Date.now()) < 60_000);
    assert.equal(left(), 0);
    assert.deepEqual(warnings, []);
  });

  it("is left alone while its run goes on", async () => {
    const engineOfRun = await listening();
    const ofThis = processMark(process.pid);
    cutShort({ id: "cntr_1", engine: engineOfRun.address, process: ofThis });
    await remove(engine());
    assert.deepEqual(removed, []);
    assert.equal(left(), 1);
    assert.match(
      warnings.join(),
      /^container cntr_1 is left alone, as another run that creates this resource goes on: /,
    );
    await engineOfRun.stop();
    await remove(engine());
    assert.equal(removed.length, 1);
  });

  it("is removed although something else listens where the engine of its run did", async () => {
    const other = await listening();
    const { started } = processMark(process.pid) ?? assert.fail();
    const { pid } = spawnSync(process.execPath, ["--version"]);
    cutShort({ id: "cntr_1", engine: other.address, process: { pid, started } }); // which has ended
    cutShort({ id: "cntr_2", engine: other.address, process: { pid: process.pid, started: `${started}0` } }); // its number
    await remove(engine());
    await other.stop();
    assert.deepEqual(removed.map(({ id }) => id).sort(), ["cntr_1", "cntr_2"]);
  });

  it("is removed counting from when its container was requested", async () => {
    cutShort({ id: "cntr_1" });
    const [{ file, entry } = assert.fail()] = read(folder).left;
    write(file, { ...entry, time: new Date(0).toISOString() }); // a long time ago, before its image was pulled
    await remove(engine());
    assert.ok(Math.abs((removed[0]?.time ?? 0) - Date.now()) < 60_000);
  });

  it("is told of where it is at another place, and kept", async () => {
    const keys = [
      cutShort({ backend: "openai", location: "docker:HERE" }),
      cutShort({ id: "cntr_1", location: "docker:ELSEWHERE" }),
    ];
    await remove(engine());
    assert.deepEqual(removed, []);
    assert.deepEqual(warnings.sort(), [
      `a container "analysis-1" of an interrupted run may be orphaned at docker:HERE: ${remedy(keys[0])}`,
      `container cntr_1 of an interrupted run may be orphaned at docker:ELSEWHERE: ${remedy(keys[1])}`,
    ]);
    assert.equal(left(), 2);
  });

  it("is named where it may be somebody else's, and forgotten", async () => {
    cutShort({ name: "reports", nameIsDrawn: false });
    await remove(engine(["cntr_1", "cntr_2"]));
    assert.deepEqual(warnings, [
      'an interrupted run may have created cntr_1 or cntr_2 (named "reports" by the program): delete what nobody uses; it is terminated when it has been idle',
    ]);
    assert.equal(left(), 0);
  });

  it("is told of where the resource is there, and nothing is removed, as in a preview", async () => {
    const key = cutShort({ id: "cntr_1" });
    const report = { ...silent, warning: (code: string, text: string) => warnings.push(`${code}: ${text}`) };
    await warnOfOrphans(urn, journalIn(folder), report);
    assert.deepEqual(warnings, [
      `container cntr_1 of an interrupted run may be orphaned at docker:HERE: a replacement of this resource or ${remedy(key)}`,
    ]);
    assert.equal(left(), 1);
  });

  it("is kept where removing it fails", async () => {
    cutShort({ id: "cntr_1" });
    const down = { ...engine(), removePending: () => Promise.reject(new Error("The engine is down.")) };
    await assert.rejects(remove(down), /The engine is down/);
    assert.equal(left(), 1);
  });
});
