import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { engine } from "../support/docker";
import { gatewayImage } from "../support/live/images";
import { leftOf } from "../support/live/site";
import { isWhole, withTrial } from "../support/on-places";
import { dockerPlace } from "../support/place";
import type { Trial } from "../support/trial";

/** In the middle of which request to the engine a run is killed; the first is the sampled one. */
const points: [what: string, request: RegExp][] = [
  ["the start of the gateway", /^POST \/containers\/[^/]+\/start/],
  ["the handing over of the policy", /^POST \/containers\/[^/]+\/attach/],
  ["the making of the network", /^POST \/networks\/create\?Name=cntr_/],
  ["the making of the gateway", /^POST \/containers\/create\?name=cntr_\w+-gateway/],
  ["the gateway's coming to the network", /^POST \/networks\/[^/]+\/connect/],
  [
    "the making of the sandbox",
    /^POST \/containers\/create\?name=cntr_[^-]+$|^POST \/containers\/create\?name=cntr_[^-]+&/,
  ],
  ["the proof of isolation", /^POST \/containers\/create\?name=openai-containers-proof/],
];

describe("an up of a sandbox with an allow list that is killed", function () {
  this.timeout(180_000);

  for (const [what, point] of isWhole ? points : points.slice(0, 1)) {
    it(`in ${what}: the next up leaves one, and nothing of the other`, async () => {
      const { client } = await engine();
      const ids = new Set<string>();
      const proofs = new Set<string>();
      try {
        await withTrial(dockerPlace, async (trial, place) => {
          await trial.ok("config", "set", "openai-containers:gatewayImage", gatewayImage);
          trial.program(["one"], `networkPolicy: { type: "allowlist", allowedDomains: ["a.example"] }`);
          assert.ok(await killedIn(point, place, trial, { ids, proofs }), "it was killed there");
          await trial.release();

          await trial.up();
          const [now] = await trial.assertSettled(1);
          const { status } = (await trial.stack.container()).outputs;
          assert.equal(status, "running");
          assert.equal((await leftOf(client, now ?? "")).length, 3);
          for (const id of ids) if (id !== now) assert.deepEqual(await leftOf(client, id), []);
          await trial.up("--expect-no-changes");
        });
        for (const id of ids) assert.deepEqual(await leftOf(client, id), []);
      } finally {
        for (const proof of proofs) await removeProof(client, proof);
      }
    });
  }
});

/** A proof that was killed is removed by a later one, and that minutes later. */
async function removeProof(client: Docker, name: string): Promise<void> {
  for (const thing of [client.getContainer(name), client.getNetwork(name)])
    await thing.remove({ force: true, v: true }).catch(() => undefined); // it may be gone
}

type DockerPlace = Awaited<ReturnType<typeof dockerPlace>>;

/** Kills an `up` in the middle of a request, and gathers the names that it used. True if it got as far as the request. */
async function killedIn(
  point: RegExp,
  place: DockerPlace,
  trial: Trial,
  { ids, proofs }: { ids: Set<string>; proofs: Set<string> },
): Promise<boolean> {
  let reached = false;
  place.faulty.fault = (request) => {
    const [id] = /cntr_[\da-f]{48}/.exec(request) ?? [];
    if (id) ids.add(id);
    const [proof] = /openai-containers-proof-\w+/.exec(request) ?? [];
    if (proof) proofs.add(proof);
    if (!point.test(request)) return undefined;
    reached = true;
    return { delayMs: 5_000, afterWork: true };
  };
  const going = trial.startUp();
  for (const end = Date.now() + 60_000; !reached && Date.now() < end; ) await sleep(20);
  await sleep(500); // the engine has done it by then, and not answered
  going.killTree();
  await going.ended;
  place.faulty.fault = () => undefined;
  return reached;
}
