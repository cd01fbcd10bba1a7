import assert from "node:assert/strict";
import type { Backend } from "../../provider/backends/backend";
import { createdAt, diffed, engine, inputs, noWarnings, reportedAt, state } from "../support/live-diff";
import { rejectingBackend } from "../support/rejecting-backend";

describe("diff of a changed argument and a container's live state", () => {
  const replaces = { replaces: ["memoryLimit"] };
  const change = (backend: Backend, how: { checksLiveness?: boolean; isRefresh?: boolean } = {}) =>
    diffed(async () => backend, state, { wanted: { ...inputs, memoryLimit: "4g" }, ...how });

  it("warns of the files that are lost while the container is in use", async () => {
    assert.deepEqual(await change(engine("running", "docker:HERE", { lastActiveAt: reportedAt - 40 })), {
      ...noWarnings,
      answer: replaces,
      warnings: [
        "OC2006: container cntr_1 is in use, last active 40 seconds ago: replacing it loses its files under /mnt/data, its processes and its installed packages",
      ],
    });
  });

  it("warns up to five minutes after the last use", async () => {
    const warningsAfter = async (seconds: number) =>
      (await change(engine("running", "docker:HERE", { lastActiveAt: reportedAt - seconds }))).warnings.length;
    assert.deepEqual([await warningsAfter(300), await warningsAfter(301)], [1, 0]);
  });

  const quiet: [what: string, backend: Backend][] = [
    [
      "expires during the call",
      engine("running", "docker:HERE", { lastActiveAt: reportedAt - 60, expiredAt: reportedAt - 1 }),
    ],
    ["was not used since it was created", engine("running", "docker:HERE", { lastActiveAt: createdAt })],
    [
      "was not used since it was started again",
      engine("running", "docker:HERE", { lastActiveAt: reportedAt - 9, startedAt: reportedAt - 9 }),
    ],
    ["reports no activity", engine("stopped", "docker:HERE", {})],
  ];
  for (const [what, backend] of quiet) {
    it(`has no warning where the container ${what}`, async () => {
      assert.deepEqual(await change(backend), { answer: replaces, ...noWarnings });
    });
  }

  const ended: [status: string | undefined, message: string][] = [
    ["expired", "OC2001: container cntr_1 expired 1 minute ago (terminated after 20 idle minutes)"],
    [undefined, "OC2002: container cntr_1 is gone"],
    [
      "unwatched",
      "OC2003: container cntr_1 is unwatched (the watchdog that terminates it after 20 idle minutes does not answer)",
    ],
  ];
  for (const [status, message] of ended) {
    const reason = status ?? "gone";
    const backend = engine(status, "docker:HERE", { lastActiveAt: reportedAt - 120, expiredAt: reportedAt - 60 });

    it(`adds "${reason}" to the argument as a reason to replace, and warns of no lost files`, async () => {
      assert.deepEqual(await change(backend), {
        ...noWarnings,
        answer: { replaces: ["memoryLimit", reason] },
        warnings: [`${message}: up replaces it with a new, empty container`],
      });
    });

    // The service reports another memory limit than was requested: Pulumi compares inputs, and finds no change.
    it(`replaces for "${reason}" where the argument differs from state alone`, async () => {
      const recordedInputs = { ...inputs, memoryLimit: "4g" };
      const { answer } = await diffed(async () => backend, state, { wanted: recordedInputs, recordedInputs });
      assert.deepEqual(answer, { changes: true, replaces: ["memoryLimit", reason] });
    });
  }

  it("has no warning in a refresh, which replaces nothing", async () => {
    const used = engine("running", "docker:HERE", { lastActiveAt: reportedAt });
    assert.deepEqual(await change(used, { isRefresh: true }), { answer: replaces, ...noWarnings });
  });

  it("reads no live state with liveness off, and still refuses another account or engine", async () => {
    assert.deepEqual(await change(rejectingBackend, { checksLiveness: false }), { answer: replaces, ...noWarnings });
    await assert.rejects(
      change({ ...rejectingBackend, location: "docker:ELSEWHERE" }, { checksLiveness: false }),
      /^BackendError: OC2010: /,
    );
  });
});
