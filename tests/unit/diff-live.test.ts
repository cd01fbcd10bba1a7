import assert from "node:assert/strict";
import { type Backend, BackendError, UnreachableError } from "../../provider/backends/backend";
import type { Diff } from "../../provider/lifecycle/diff";
import { diffed, engine, inputs, noWarnings, reportedAt, state } from "../support/live-diff";
import { assertMatchesEntry } from "../support/matches-entry";

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
