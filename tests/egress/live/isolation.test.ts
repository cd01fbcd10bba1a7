import assert from "node:assert/strict";
import { proofLabel, proveIsolation } from "../../../provider/backends/docker/allowlist/isolation";
import { DockerBackend } from "../../../provider/backends/docker/docker-backend";
import { connect, type Engine } from "../../../provider/backends/docker/engine";
import { readSettings } from "../../../provider/config";
import { assertNothingLeft, engine, sandboxArgs } from "../../support/docker";
import { FaultyEngine } from "../../support/faulty-engine";
import { gatewayImage } from "../../support/live/images";
import { named } from "../../support/making";
import { silent } from "../../support/silent";

/** That an engine's networks lead nowhere is tried, not believed. */
describe("the proof that networks of an engine lead nowhere", function () {
  this.timeout(60_000);
  let host: Engine;
  let faulty: FaultyEngine;
  let forgetful: Engine;
  before(async () => {
    host = await engine();
    faulty = await new FaultyEngine(host.address.replace("unix://", "")).start();
    forgetful = await connect(readSettings({ DOCKER_HOST: faulty.host }, () => undefined).docker);
  });
  after(() => faulty?.stop());
  afterEach(async () => {
    faulty.fault = () => undefined;
    const filters = { label: [proofLabel] };
    assert.deepEqual(await host.client.listContainers({ all: true, filters }), []);
    assert.deepEqual(await host.client.listNetworks({ filters }), []);
  });

  it("holds on this engine", () => proveIsolation(host, gatewayImage));

  const overlooked: [what: string, request: RegExp, option: string, found: RegExp][] = [
    ["that the bridge has no address", /^POST \/networks\/create/, "Options", /198\.19\.\d+\.\d+ is on the network/],
    ["who resolves names", /^POST \/containers\/create/, "Dns", /another name server/],
  ];
  for (const [what, request, overlooks, found] of overlooked) {
    it(`fails, with what is reached, on one that overlooks ${what}`, async () => {
      faulty.fault = (asked) => (request.test(asked) ? { overlooks } : undefined);
      await assert.rejects(proveIsolation(forgetful, gatewayImage), (error: Error) => {
        assert.match(error.message, /^The Docker engine at unix:\/\/\S+ does not isolate a network: .* reaches /);
        assert.match(error.message, found);
        return true;
      });
    });
  }

  it("removes what one that was killed has left, once it is old", async () => {
    const { client } = host;
    const Labels = { [proofLabel]: "" };
    await client.createNetwork({ Name: "openai-containers-proof-left", Labels, Internal: true });
    const NetworkMode = "openai-containers-proof-left";
    await client.createContainer({ Image: gatewayImage, Cmd: ["node"], Labels, HostConfig: { NetworkMode } });
    await proveIsolation(host, gatewayImage);
    assert.equal((await client.listContainers({ all: true, filters: { label: [proofLabel] } })).length, 1);
    const { now } = Date;
    Date.now = () => now() + 600_000;
    try {
      await proveIsolation(host, gatewayImage);
    } finally {
      Date.now = now;
    }
  });

  it("comes before any sandbox, and leaves nothing where it fails", async () => {
    faulty.fault = (asked) => (asked.startsWith("POST /networks/create") ? { overlooks: "Options" } : undefined);
    const names: string[] = [];
    const making = { ...named, announce: (id: string) => void names.push(id) };
    const args = sandboxArgs("tproof", { networkPolicy: { type: "allowlist", allowedDomains: ["a.example"] } });
    const backend = new DockerBackend(forgetful, { gatewayImage });
    await assert.rejects(backend.create(args, silent, making), /does not isolate a network/);
    const [id = ""] = names;
    assert.equal((await host.client.listContainers({ all: true, filters: { name: [id] } })).length, 0);
    assert.equal((await host.client.listNetworks({ filters: { name: [id] } })).length, 0);
    await assertNothingLeft(host.client, "tproof");

    // The next one tries again.
    faulty.fault = () => undefined;
    const { id: made } = await backend.create(args, silent, named);
    await backend.delete(made);
  });
});
