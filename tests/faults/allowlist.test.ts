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
  ["the handing over of the sockets", /^POST \/containers\/cntr_\w+-listeners\/start/],
  ["the making of the sandbox", /^POST \/containers\/create\?name=cntr_[^-]+(&|$)/],
  ["the giving of its data folder", /^PUT \/containers\/[^/]+\/archive\?path=%2Fmnt(&|$)/],
  ["the giving of its lifeline", /^PUT \/containers\/[^/]+\/archive\?path=%2Frun/],
  ["the start of the sandbox", /^POST \/containers\/[\da-f]{64}\/start/],
  ["the making of the gateway", /^POST \/containers\/create\?name=cntr_\w+-gateway/],
  ["the giving of the gateway's program", /^PUT \/containers\/[^/]+\/archive\?path=%2Fgateway/],
  ["the start of the gateway", /^POST \/containers\/cntr_\w+-gateway\/restart/],
  ["the making of what gives it its sockets", /^POST \/containers\/create\?name=cntr_\w+-listeners/],
  ["the wait for their end", /^POST \/containers\/cntr_\w+-listeners\/wait/],
  ["the handing over of the policy", /^POST \/containers\/[^/]+\/attach/],
  ["the giving of what the sandbox trusts", /^PUT \/containers\/[^/]+\/archive\?path=%2Fetc/],
];

describe("an up of a sandbox with an allow list that is killed", function () {
  this.timeout(180_000);

  for (const [what, point] of isWhole ? points : points.slice(0, 1)) {
    it(`in ${what}: the next up leaves one, and nothing of the other`, async () => {
      const { client } = await engine();
      const ids = new Set<string>();
      await withTrial(dockerPlace, async (trial, place) => {
        trial.stack.configure("openai-containers:gatewayImage", gatewayImage);
        trial.program(["one"], `networkPolicy: { type: "allowlist", allowedDomains: ["a.example.com"] }`);
        assert.ok(await killedIn(point, place, trial, ids), "it was killed there");
        trial.stack.release();

        await trial.up();
        const [now] = await trial.assertSettled(1);
        const { status } = trial.stack.container().outputs;
        assert.equal(status, "running");
        assert.deepEqual(await containersOf(client, now ?? ""), [`/${now}`, `/${now}-gateway`]);
        for (const id of ids) if (id !== now) assert.deepEqual(await leftOf(client, id), []);
        await trial.up("--expect-no-changes");
      });
      for (const id of ids) assert.deepEqual(await leftOf(client, id), []);
    });
  }
});

async function containersOf(client: Docker, id: string): Promise<string[]> {
  return (await leftOf(client, id)).filter((name) => name.startsWith("/")).sort();
}

type DockerPlace = Awaited<ReturnType<typeof dockerPlace>>;

/** Kills an `up` in the middle of a request, and gathers the names that it used. True if it got as far as the request. */
async function killedIn(point: RegExp, place: DockerPlace, trial: Trial, ids: Set<string>): Promise<boolean> {
  let reached = false;
  place.faulty.fault = (request) => {
    const [id] = /cntr_[\da-f]{48}/.exec(request) ?? [];
    if (id) ids.add(id);
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
