import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { UnreachableError } from "../../provider/backends/backend";
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

  it("come to nobody who waits where none of those before got a response, and to who comes later", async () => {
    const { began, end, outcomes } = await crowd();
    for (let at = 0; at < sandboxesAtATime; at += 1) await end(at, lost());
    const failed = messages(await outcomes);
    const notBegun =
      "OC2226: Not begun: the Docker engine at unix:///engine.sock does not respond to the requests for others. Check that it is running (`docker ps`), restart it if that hangs too, and run the same command again.";
    assert.equal(began.length, sandboxesAtATime);
    assert.deepEqual(failed, [
      ...Array(sandboxesAtATime).fill("socket hang up"),
      ...Array(2 * sandboxesAtATime).fill(notBegun),
    ]);
    assert.equal(await turns.run(async () => "later"), "later");
  });

  it("wait after one without a response, until the engine responds to another", async () => {
    const { began, end, outcomes } = await crowd();
    await end(0, lost());
    await end(1, lost());
    assert.equal(began.length, sandboxesAtATime);
    await end(2, refused());
    assert.equal(began.length, sandboxesAtATime + 3);
    for (let at = 0; at < 3 * sandboxesAtATime; at += 1) await end(at);
    await outcomes;
    assert.equal(began.length, 3 * sandboxesAtATime);
  });

  it("go on where not the engine is unreachable, but the API that a sandbox's files come from", async () => {
    const { began, end, outcomes } = await crowd();
    const broken = () => Promise.reject(new UnreachableError("OC2142", "The download broke off", "Run it again"));
    for (let at = 0; at < 3 * sandboxesAtATime; at += 1) await end(at, broken());
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

function messages(outcomes: PromiseSettledResult<unknown>[]): string[] {
  return outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason.message] : []));
}
