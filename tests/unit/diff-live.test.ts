import assert from "node:assert/strict";
import { type Backend, BackendError, UnreachableError } from "../../provider/backends/backend";
import { type Diff, diff } from "../../provider/lifecycle/diff";
import { recordFrom } from "../../provider/model/record";

const args = {
  memoryLimit: "1g",
  networkPolicy: { type: "disabled" },
  expiresAfter: { anchor: "last_active_at", minutes: 20 },
  docker: { image: "alpine" },
};
const observed = { ...args, id: "cntr_1", name: "analysis", createdAt: 1_700_000_000 };
const state = { ...args, backend: "docker", name: "analysis", status: "running", location: "docker:HERE" };
const inputs = { ...args, backend: "docker" };

const notAsked = () => Promise.reject(new Error("a diff only looks"));

/** An engine on which the container has this status; undefined where it is gone. */
function engine(status: string | undefined, location = "docker:HERE"): Backend {
  const observe = async () => (status === undefined ? undefined : { ...observed, status });
  const mends = ["stopped"];
  const rest = { create: notAsked, repair: notAsked, delete: notAsked, removeUnfinished: notAsked };
  return { name: "docker", location, mends, observe, ...rest };
}

async function look(
  open: () => Promise<Backend>,
  recorded: Record<string, unknown> = state,
): Promise<{ answer: Diff; warnings: string[] }> {
  const warnings: string[] = [];
  const report = { progress: () => {}, warning: (text: string) => warnings.push(text) };
  return { answer: await diff("cntr_1", recordFrom(recorded), inputs, open, report), warnings };
}

describe("diff of the container itself", () => {
  it("leaves one alone that its backend cannot mend", async () => {
    const api = { ...engine("stopped"), mends: [] };
    assert.deepEqual(await look(async () => api), { answer: { changes: false }, warnings: [] });
  });

  it("leaves one alone that runs, or is in a state that it does not know", async () => {
    for (const status of ["running", "paused"]) {
      assert.deepEqual(await look(async () => engine(status)), { answer: { changes: false }, warnings: [] });
    }
  });

  const ends: [status: string | undefined, answer: Diff, warning: RegExp][] = [
    ["stopped", { changes: true }, /^container cntr_1 is stopped: .* with its files$/],
    [
      "expired",
      { changes: true, replaces: ["expired"] },
      /^container cntr_1 has expired .*\b20 .*minutes.* new, empty/,
    ],
    [undefined, { changes: true, replaces: ["gone"] }, /^container cntr_1 is gone: .* new, empty/],
  ];
  for (const [status, expected, words] of ends) {
    it(`${expected.replaces ? "replaces" : "repairs"} one that is ${status ?? "gone"}, and says so once`, async () => {
      const { answer, warnings } = await look(async () => engine(status));
      assert.deepEqual(answer, expected);
      assert.equal(warnings.length, 1);
      assert.match(warnings[0] ?? "", words);
    });
  }

  it("repairs one that was left half made although it runs", async () => {
    const { answer } = await look(async () => engine("running"), { ...state, status: "provisioning" });
    assert.deepEqual(answer, { changes: true });
  });

  it("finds no change, and warns once, where the engine cannot be reached", async () => {
    const unreachable = () => Promise.reject(new UnreachableError("Nobody answers", "Start it"));
    for (const open of [unreachable, async () => ({ ...engine("running"), observe: unreachable })]) {
      assert.deepEqual(await look(open), {
        answer: { changes: false },
        warnings: ["what became of containers since was not looked at: Nobody answers. Start it."],
      });
    }
  });

  it("fails for any other failure", async () => {
    const refused = () => Promise.reject(new BackendError("The engine refused", "See its log"));
    await assert.rejects(look(refused), { message: "The engine refused. See its log." });
  });

  it("refuses to look for the container in another place", async () => {
    await assert.rejects(
      look(async () => engine(undefined, "docker:ELSEWHERE")),
      (error) => {
        assert.ok(error instanceof BackendError && !(error instanceof UnreachableError));
        assert.match(
          error.message,
          /^Container cntr_1 lives at docker:HERE, and this run looks at docker:ELSEWHERE\. /,
        );
        return true;
      },
    );
  });

  it("looks anywhere for one whose place an earlier release did not record", async () => {
    const { location: _, ...old } = state;
    const { answer } = await look(async () => engine("running", "docker:ELSEWHERE"), old);
    assert.deepEqual(answer, { changes: false });
  });
});
