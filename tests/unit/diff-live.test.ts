import assert from "node:assert/strict";
import { type Activity, type Backend, BackendError, UnreachableError } from "../../provider/backends/backend";
import { type Diff, diff } from "../../provider/lifecycle/diff";
import { recordFrom } from "../../provider/model/record";
import { assertMatchesEntry } from "../support/matches-entry";
import { rejectingBackend } from "../support/rejecting-backend";
import { silent } from "../support/silent";

const args = {
  memoryLimit: "1g",
  networkPolicy: { type: "disabled" },
  expiresAfter: { anchor: "last_active_at", minutes: 20 },
  docker: { image: "alpine" },
};
const inputs = { ...args, backend: "docker" };
const reportedAt = 1_700_100_000;
const createdAt = reportedAt - 1_000;
const here = { createdAt, location: "docker:HERE" };
const state = { ...args, backend: "docker", name: "analysis", status: "running", ...here };
const noWarnings = { warnings: [], runWarnings: [] };

/** An engine that reports this status of the container, undefined where it is gone, and this activity. */
function engine(
  status: string | undefined,
  location = "docker:HERE",
  activity?: Omit<Activity, "reportedAt">,
): Backend {
  const reported = activity && { ...activity, reportedAt };
  return {
    ...rejectingBackend,
    location,
    status: async () => status,
    ...(reported && { activity: async () => reported }),
  };
}

async function diffed(
  open: () => Promise<Backend>,
  recorded: Record<string, unknown> = state,
  {
    wanted = inputs,
    checksLiveness = true,
    isRefresh = false,
    recordedInputs = inputs,
    secretArguments = [] as string[],
  } = {},
): Promise<{ answer: Diff; warnings: string[]; runWarnings: string[] }> {
  const warnings: string[] = [];
  const runWarnings: string[] = [];
  const report = {
    ...silent,
    info: () => {},
    warning: (code: string, text: string) => warnings.push(`${code}: ${text}`),
    runWarning: (code: string, text: string) => runWarnings.push(`${code}: ${text}`),
  };
  const context = {
    open,
    checksLiveness,
    recordedInputs: isRefresh ? undefined : recordedInputs,
    secretArguments,
    provider: undefined,
    report,
  };
  return { answer: await diff("cntr_1", recordFrom(recorded), wanted, context), warnings, runWarnings };
}

describe("diff of a container's live state", () => {
  it("finds no change of a stopped container that its backend cannot repair", async () => {
    const api = { ...engine("stopped"), repairable: new Map() };
    assert.deepEqual(await diffed(async () => api), { answer: { changes: false }, ...noWarnings });
  });

  it("finds no change of a container that is running, or has an unknown status", async () => {
    for (const status of ["running", "paused"]) {
      assert.deepEqual(await diffed(async () => engine(status)), { answer: { changes: false }, ...noWarnings });
    }
  });

  describe("with an image whose name stands for another one by now", () => {
    const [was, is] = [`sha256:${"1a".repeat(32)}`, `sha256:${"2b".repeat(32)}`];
    const moved =
      (status: string | undefined, present: string | undefined = is) =>
      async () => ({
        ...engine(status),
        imageId: async () => present,
      });
    const recorded = { ...state, imageId: was };
    const warnings = async (...[open, record = recorded, more]: Parameters<typeof diffed>) =>
      (await diffed(open, record, more)).warnings.filter((text) => text.startsWith("OC2616"));

    it("warns of both images, and changes nothing", async () => {
      const { answer, warnings } = await diffed(moved("running"), recorded);
      assert.deepEqual(answer, { changes: false });
      assert.equal(warnings.length, 1);
      assertMatchesEntry(warnings[0] ?? "", "OC2616");
      assert.match(warnings[0] ?? "", /image sha256:1a1a1a1a1a1a: "alpine" is now sha256:2b2b2b2b2b2b on/);
    });

    it("does not quote a name that the program made secret", async () => {
      const [warning = ""] = await warnings(moved("running"), recorded, { secretArguments: ["docker"] });
      assert.match(warning, /: its name \(secret\) is now/);
      assert.doesNotMatch(warning, /alpine/);
    });

    it("does not warn of the same image, of one that the engine does not have, and where none is recorded", async () => {
      assert.deepEqual(await warnings(moved("running", was)), []);
      assert.deepEqual(await warnings(async () => ({ ...engine("running"), imageId: async () => undefined })), []);
      assert.deepEqual(await warnings(moved("running"), state), []);
    });

    it("does not warn of a container that up replaces anyway, and where the live state is not read", async () => {
      assert.deepEqual(await warnings(moved(undefined)), []);
      const wanted = { ...inputs, docker: { image: "alpine:3" } };
      const inUse = async () => ({ ...(await moved("running")()), activity: async () => ({ reportedAt }) });
      assert.deepEqual(await warnings(inUse, recorded, { wanted }), []);
      assert.deepEqual(await warnings(moved("running"), recorded, { checksLiveness: false }), []);
    });

    it("does not ask about a digest or an id", async () => {
      const open = async () => ({ ...engine("running"), imageId: () => assert.fail("asked") });
      for (const image of [`alpine@${is}`, is, is.slice(0, 19), "2b".repeat(32), "2b".repeat(6)]) {
        const docker = { image };
        assert.deepEqual(await warnings(open, { ...recorded, docker }, { wanted: { ...inputs, docker } }), []);
      }
    });
  });

  const restart: Diff = { changes: true };
  const anew = "up replaces it with a new, empty container";
  const ends: [what: string, backend: Backend, answer: Diff, warning: string][] = [
    [
      "repairs a stopped container",
      engine("stopped"),
      restart,
      "OC2005: container cntr_1 is stopped: up starts it again, with its files",
    ],
    [
      "replaces a container that is gone",
      engine(undefined),
      { ...restart, replaces: ["gone"] },
      `OC2002: container cntr_1 is gone: ${anew}`,
    ],
    [
      "replaces an expired container",
      engine("expired", "docker:HERE", { expiredAt: reportedAt - 750 }),
      { ...restart, replaces: ["expired"] },
      `OC2001: container cntr_1 expired 12 minutes ago (terminated after 20 idle minutes): ${anew}`,
    ],
    [
      "replaces an expired container of which the time of expiry is not known",
      engine("expired", "docker:HERE", {}),
      { ...restart, replaces: ["expired"] },
      `OC2001: container cntr_1 expired (terminated after 20 idle minutes): ${anew}`,
    ],
    [
      "replaces a container whose watchdog does not answer",
      engine("unwatched"),
      { ...restart, replaces: ["unwatched"] },
      `OC2003: container cntr_1 is unwatched (the watchdog that terminates it after 20 idle minutes does not answer): ${anew}`,
    ],
  ];
  for (const [what, backend, answer, warning] of ends) {
    it(`${what}, with one warning`, async () => {
      assert.deepEqual(await diffed(async () => backend), { ...noWarnings, answer, warnings: [warning] });
    });
  }

  it("warns with the idle minutes of an expired container, also if it is one", async () => {
    const expiresAfter = { anchor: "last_active_at", minutes: 1 };
    const { warnings } = await diffed(
      async () => engine("expired", "docker:HERE", {}),
      { ...state, expiresAfter },
      {
        wanted: { ...inputs, expiresAfter },
      },
    );
    assert.match(warnings[0] ?? "", / \(terminated after 1 idle minute\): /);
  });

  describe("with a changed argument", () => {
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

  it("does not open the backend with liveness off", async () => {
    const closed = () => Promise.reject(new Error("the backend was opened"));
    assert.deepEqual(await diffed(closed, state, { checksLiveness: false }), {
      answer: { changes: false },
      ...noWarnings,
    });
  });

  it("replaces a container that state has as unwatched with liveness off, too", async () => {
    const closed = () => Promise.reject(new Error("the backend was opened"));
    const { answer } = await diffed(closed, { ...state, status: "unwatched" }, { checksLiveness: false });
    assert.deepEqual(answer, { changes: true, replaces: ["unwatched"] });
  });

  it("does not replace a container that state has as unwatched where the engine cannot be reached", async () => {
    const unreachable = () => Promise.reject(new UnreachableError("OC2010", "Nobody answers", "Start it"));
    const { answer } = await diffed(unreachable, { ...state, status: "unwatched" });
    assert.deepEqual(answer, { changes: false });
  });

  it("repairs a partially created container with liveness off, too", async () => {
    const closed = () => Promise.reject(new Error("the backend was opened"));
    const partial = { ...state, status: "provisioning" };
    assert.deepEqual((await diffed(closed, partial, { checksLiveness: false })).answer, { changes: true });
  });

  it("repairs a partially created container although it is running", async () => {
    const { answer } = await diffed(async () => engine("running"), { ...state, status: "provisioning" });
    assert.deepEqual(answer, { changes: true });
  });

  it("finds no change, with one warning for the run, where the engine cannot be reached", async () => {
    const unreachable = () => Promise.reject(new UnreachableError("OC2010", "Nobody answers", "Start it"));
    for (const open of [unreachable, async () => ({ ...engine("running"), status: unreachable })]) {
      assert.deepEqual(await diffed(open), {
        ...noWarnings,
        answer: { changes: false },
        runWarnings: ["OC2007: skipped the liveness check: OC2010: Nobody answers. Start it."],
      });
    }
  });

  it("fails for any other error", async () => {
    const refused = () => Promise.reject(new BackendError("OC2010", "The engine refused", "See its log"));
    await assert.rejects(diffed(refused), { message: "OC2010: The engine refused. See its log." });
  });

  it("refuses another account or engine than the recorded one", async () => {
    await assert.rejects(
      diffed(async () => engine(undefined, "docker:ELSEWHERE")),
      (error) => {
        assert.ok(error instanceof BackendError && !(error instanceof UnreachableError));
        assert.match(
          error.message,
          /^OC2010: Container cntr_1 is at docker:HERE, and this run uses docker:ELSEWHERE\. /,
        );
        return true;
      },
    );
  });

  it("accepts any account or engine where an earlier release recorded none", async () => {
    const { location: _, ...old } = state;
    const { answer } = await diffed(async () => engine("running", "docker:ELSEWHERE"), old);
    assert.deepEqual(answer, { changes: false });
  });
});
