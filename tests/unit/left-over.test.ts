import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { Backend, Unfinished } from "../../provider/backends/backend";
import { type Entry, Journal } from "../../provider/lifecycle/journal";
import { removeLeftOver, tellOfLeftOver } from "../../provider/lifecycle/left-over";
import { journalFolder, someRun } from "../support/journal";
import { silent } from "../support/silent";
import { unasked } from "../support/unasked";

const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/openai-containers:Container::analysis";
const what = { urn, backend: "docker", location: "docker:HERE", name: "analysis-1", nameIsDrawn: true } as const;

describe("what an interrupted run has orphaned", () => {
  let folder: string;
  let removed: Unfinished[];
  let warnings: string[];
  beforeEach(() => {
    folder = journalFolder();
    removed = [];
    warnings = [];
  });

  function engine(candidates: string[] = []): Backend {
    const removeUnfinished = async (left: Unfinished) => {
      removed.push(left);
      return candidates;
    };
    return { ...unasked, removeUnfinished };
  }

  function cutShort(changes: Partial<Omit<Entry, "time" | "program" | "state">> = {}): void {
    const { engine: address, id, ...named } = changes;
    const journal = new Journal(folder, { ...someRun, engine: address });
    const file = journal.begin({ ...what, ...named });
    if (id !== undefined) journal.name(file, id);
  }

  const remove = (backend: Backend) => {
    const report = { ...silent, warning: (text: string) => warnings.push(text) };
    return removeLeftOver(urn, backend, new Journal(folder, someRun), report);
  };
  const left = () => new Journal(folder, someRun).left().length;

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
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    cutShort({ id: "cntr_1", engine: `127.0.0.1:${port}` });
    await remove(engine());
    assert.deepEqual(removed, []);
    assert.equal(left(), 1);
    await new Promise((resolve) => server.close(resolve));
    await remove(engine());
    assert.equal(removed.length, 1);
  });

  it("is told of where it is at another place, and kept", async () => {
    cutShort({ id: "cntr_1", location: "docker:ELSEWHERE" });
    cutShort({ backend: "openai", location: "docker:HERE" });
    await remove(engine());
    assert.deepEqual(removed, []);
    assert.deepEqual(warnings.sort(), [
      'a container "analysis-1" of an interrupted run may be orphaned at docker:HERE',
      "container cntr_1 of an interrupted run may be orphaned at docker:ELSEWHERE",
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
    cutShort({ id: "cntr_1" });
    const report = { ...silent, warning: (text: string) => warnings.push(text) };
    await tellOfLeftOver(urn, new Journal(folder, someRun), report);
    assert.deepEqual(warnings, [
      "container cntr_1 of an interrupted run may be orphaned at docker:HERE: a replacement of this resource removes it, and so does openai-containers doctor --clear",
    ]);
    assert.equal(left(), 1);
  });

  it("is kept where removing it fails", async () => {
    cutShort({ id: "cntr_1" });
    const down = { ...engine(), removeUnfinished: () => Promise.reject(new Error("The engine is down.")) };
    await assert.rejects(remove(down), /The engine is down/);
    assert.equal(left(), 1);
  });
});
