import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { sandboxesAtATime, Turns } from "../../provider/backends/docker/turns";

describe("turns on an engine", () => {
  let turns: Turns;
  let end: AbortController;
  const lost = () => Promise.reject(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
  const refused = () => Promise.reject(Object.assign(new Error("conflict"), { statusCode: 409 }));
  beforeEach(() => {
    end = new AbortController();
    turns = new Turns({ address: "unix:///engine.sock" }, end.signal);
  });

  /** Begins work that ends when `end` is called, and waits for a turn at the end of all that has one. */
  async function crowd() {
    const began: number[] = [];
    const ends: ((outcome: Promise<never> | undefined) => void)[] = [];
    const work = Array.from({ length: 3 * sandboxesAtATime }, (_, at) =>
      turns.run(() => {
        began.push(at);
        return new Promise<unknown>((resolve) => ends.push(resolve));
      }),
    );
    await turn();
    const end = async (at: number, outcome?: Promise<never>) => {
      ends[at]?.(outcome);
      await turn();
    };
    return { began, end, outcomes: Promise.allSettled(work) };
  }

  it("come to so many at a time, first come, first served, and pass on after a failure, too", async () => {
    const { began, end, outcomes } = await crowd();
    const first = Array.from({ length: sandboxesAtATime }, (_, at) => at);
    assert.deepEqual(began, first);
    await end(3);
    assert.deepEqual(began, [...first, sandboxesAtATime]);
    await end(5, refused());
    assert.deepEqual(began, [...first, sandboxesAtATime, sandboxesAtATime + 1]);
    for (let at = 0; at < 3 * sandboxesAtATime; at += 1) await end(at);
    assert.equal((await outcomes).filter(({ status }) => status === "rejected").length, 1);
  });

  it("come to nobody who waits where as many in succession got no response, and to who comes later", async () => {
    const { began, end, outcomes } = await crowd();
    for (let at = 0; at < sandboxesAtATime; at += 1) await end(at, lost());
    // Those that had begun meanwhile go on.
    const withTurn = began.length;
    assert.equal(withTurn, 2 * sandboxesAtATime - 1);
    for (let at = 0; at < withTurn; at += 1) await end(at);
    const failed = (await outcomes).flatMap((outcome) =>
      outcome.status === "rejected" ? [outcome.reason.message] : [],
    );
    assert.deepEqual([began.length, failed], [withTurn, Array(2 * sandboxesAtATime + 1).fill("socket hang up")]);
    assert.equal(await turns.run(async () => "later"), "later");
  });

  it("go on where an engine responds to some", async () => {
    const { began, end, outcomes } = await crowd();
    for (let at = 0; at < 3 * sandboxesAtATime; at += 1)
      await end(at, at % sandboxesAtATime === 2 ? undefined : at % 2 === 0 ? lost() : refused());
    await outcomes;
    assert.equal(began.length, 3 * sandboxesAtATime);
  });

  it("are cancelled where Pulumi shuts down, but for what goes on and what cleans up", async () => {
    const { began, outcomes, end: finish } = await crowd();
    end.abort();
    const cleanUp = turns.run(async () => "cleaned up");
    for (let at = 0; at < sandboxesAtATime; at += 1) await finish(at);
    assert.equal(await cleanUp, "cleaned up");
    const failed = (await outcomes).flatMap((outcome) =>
      outcome.status === "rejected" ? [outcome.reason.message] : [],
    );
    assert.equal(began.length, sandboxesAtATime);
    assert.deepEqual(
      [failed.length, failed[0]],
      [
        2 * sandboxesAtATime,
        "OC2225: Cancelled while it waited for others at the Docker engine at unix:///engine.sock: Pulumi is shutting down. Run the same command again.",
      ],
    );
  });
});
