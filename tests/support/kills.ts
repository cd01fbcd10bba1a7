import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { isWhole } from "./on-backends";
import { type TestBackend, testBackends } from "./test-backend";
import { Trial } from "./trial";

const containers = 10;

/** When and how a run is killed. */
interface KillPoint {
  seed: number;
  /** Whether only the provider is killed, and not the whole run. */
  ofProvider: boolean;
  /** Whether the backend processes a create before its delay, or after it. */
  isDoneFirst: boolean;
  /** How many creates have a journal entry by then, and for how many ms. */
  begun: number;
  pause: number;
}

/** Half of them on each backend; of each four neighbours, one for each pair of backend and kind of kill. */
function killPointsOf(backend: TestBackend["name"]): KillPoint[] {
  const seeds = Array.from({ length: isWhole ? 20 : 5 }, (_, seed) => seed);
  return seeds
    .filter((seed) => (seed % 2 === 0 ? "hosted" : "docker") === backend)
    .map((seed) => {
      const random = randomFrom(seed);
      const ofProvider = Math.floor(seed / 2) % 2 === 1;
      const begun = Math.floor(random() * (containers + 1));
      // Before the first create and after the last one there is more time to hit, and at first no provider to kill.
      return {
        seed,
        ofProvider,
        isDoneFirst: Math.floor(seed / 4) % 2 === 0,
        begun: ofProvider ? Math.max(1, begun) : begun,
        pause: Math.floor(random() * (begun === 0 ? 4_000 : begun === containers ? 2_000 : 500)),
      };
    });
}

/** Mulberry32: the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b9);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Kills runs at many moments, each in the stack of the previous kill. The next run must remove the orphans. */
export function killsOn(backend: TestBackend["name"]): void {
  describe(`a killed up of ${containers} containers (${backend})`, () => {
    let testBackend: TestBackend;
    let trial: Trial;
    const hits: string[] = [];

    before(async () => {
      testBackend = await testBackends[backend]();
      trial = await Trial.at(testBackend);
    });
    after(async () => {
      try {
        await trial?.end();
      } finally {
        await testBackend?.stop();
      }
    });

    for (const point of killPointsOf(backend)) {
      const { seed, ofProvider, begun, pause } = point;
      const victim = ofProvider ? "provider" : "process tree";
      it(`leaves no orphan after the next up: seed ${seed}, ${victim} killed ${pause} ms after ${begun} creates began`, async function () {
        const hit = await killOnce(trial, point);
        hits.push(hit);
        this.runnable().title += `: ${hit}`; // so that a report shows the moment of each kill
        if (!ofProvider) trial.stack.release();
        await trial.up();
        const there = await trial.assertSettled(containers);
        await trial.up("--expect-no-changes");
        assert.deepEqual(await trial.assertSettled(containers), there);
      });
    }

    it("is killed during creates in at least half of the cases", () => {
      assert.ok(hits.filter((hit) => hit === "in a create").length * 2 >= hits.length, hits.join(", "));
    });
  });
}

/** Replaces the containers of the last kill by new ones, slowly, and kills the run. */
async function killOnce(trial: Trial, { seed, ofProvider, isDoneFirst, begun, pause }: KillPoint): Promise<string> {
  const before = new Set(trial.inState());
  trial.backend.delayCreates(300, isDoneFirst);
  trial.program(Array.from({ length: containers }, (_, at) => `${seed}-${at}`));
  const going = trial.startUp();
  await trial.begun(begun, going);
  await sleep(pause);
  if (ofProvider) going.killProvider();
  else going.killTree();
  await going.ended;
  trial.backend.removeDelays();
  const stored = trial.inState().filter((id) => !before.has(id)).length;
  const entries = trial.journalFiles().length;
  if (entries > stored) return "in a create";
  if (stored === 0) return "before the first create";
  return stored === containers ? "after the last create" : "between creates";
}
