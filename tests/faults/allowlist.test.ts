import assert from "node:assert/strict";
import type Docker from "dockerode";
import { engine } from "../support/docker";
import { gatewayImage } from "../support/live/images";
import { partsOf } from "../support/live/site";
import { isWhole, withTrial } from "../support/on-backends";
import { dockerTestBackend } from "../support/test-backend";
import type { Trial } from "../support/trial";

/** The requests to the engine during which a run is killed; the sample has the first one. */
const points: [what: string, request: RegExp][] = [
  ["the transfer of the listening sockets", /^POST \/containers\/cntr_\w+-listeners\/start/],
  ["the create of the sandbox", /^POST \/containers\/create\?name=cntr_[^-]+(&|$)/],
  ["the upload of its data folder", /^PUT \/containers\/[^/]+\/archive\?path=%2Fmnt(&|$)/],
  ["the upload of its lifeline", /^PUT \/containers\/[^/]+\/archive\?path=%2Frun/],
  ["the start of the sandbox", /^POST \/containers\/[\da-f]{64}\/start/],
  ["the create of the gateway", /^POST \/containers\/create\?name=cntr_\w+-gateway/],
  ["the upload of the gateway's program", /^PUT \/containers\/[^/]+\/archive\?path=%2Fgateway/],
  ["the start of the gateway", /^POST \/containers\/cntr_\w+-gateway\/restart/],
  ["the create of the listeners container", /^POST \/containers\/create\?name=cntr_\w+-listeners/],
  ["the wait for the end of the listeners container", /^POST \/containers\/cntr_\w+-listeners\/wait/],
  ["the push of the policy", /^POST \/containers\/[^/]+\/attach/],
  ["the upload of the sandbox's trusted CA certificate", /^PUT \/containers\/[^/]+\/archive\?path=%2Fetc/],
];

describe("a killed up of a sandbox with an allow list", () => {
  for (const [what, point] of isWhole ? points : points.slice(0, 1)) {
    it(`leaves parts that the next up removes, and one complete sandbox, after a kill during ${what}`, async () => {
      const { client } = await engine();
      const ids = new Set<string>();
      await withTrial(dockerTestBackend, async (trial, backend) => {
        trial.stack.configure("openai-containers:gatewayImage", gatewayImage);
        trial.program(["one"], `networkPolicy: { type: "allowlist", allowedDomains: ["a.example.com"] }`);
        assert.ok(await killedIn(point, backend, trial, ids), "the run was killed during that request");
        trial.stack.release();

        await trial.up();
        const [now] = await trial.assertSettled(1);
        const { status } = trial.stack.container().outputs;
        assert.equal(status, "running");
        assert.deepEqual(await containersOf(client, now ?? ""), [`/${now}`, `/${now}-gateway`]);
        for (const id of ids) if (id !== now) assert.deepEqual(await partsOf(client, id), []);
        await trial.up("--expect-no-changes");
      });
      for (const id of ids) assert.deepEqual(await partsOf(client, id), []);
    });
  }
});

async function containersOf(client: Docker, id: string): Promise<string[]> {
  return (await partsOf(client, id)).filter((name) => name.startsWith("/")).sort();
}

type DockerTestBackend = Awaited<ReturnType<typeof dockerTestBackend>>;

/** Kills an `up` during a request, and collects the ids that it used. @returns whether the run sent the request */
async function killedIn(point: RegExp, backend: DockerTestBackend, trial: Trial, ids: Set<string>): Promise<boolean> {
  const { faulty } = backend;
  faulty.fault = (request) => {
    const [id] = /cntr_[\da-f]{48}/.exec(request) ?? [];
    if (id) ids.add(id);
    return point.test(request) ? { delayMs: 30_000, afterWork: true } : undefined;
  };
  const processed = new Promise<boolean>((resolve) => {
    faulty.processed = (request) => point.test(request) && resolve(true);
  });
  const going = trial.startUp();
  const isKilled = await Promise.race([processed, going.ended.then(() => false)]);
  going.killTree();
  await going.ended;
  faulty.fault = () => undefined;
  return isKilled;
}
