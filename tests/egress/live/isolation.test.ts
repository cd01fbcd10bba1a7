import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type Docker from "dockerode";
import { proofLabel, proveIsolation } from "../../../provider/backends/docker/allowlist/isolation";
import { DockerBackend } from "../../../provider/backends/docker/docker-backend";
import { connect, type Engine } from "../../../provider/backends/docker/engine";
import { readSettings } from "../../../provider/config";
import { assertNothingLeft, engine, sandboxArgs } from "../../support/docker";
import { FaultyEngine } from "../../support/faulty-engine";
import { gatewayImage } from "../../support/live/images";
import { leftOf } from "../../support/live/site";
import { named } from "../../support/making";
import { silent } from "../../support/silent";

/** That an engine's networks lead nowhere is tried, not believed. */
describe("the proof that networks of an engine lead nowhere", function () {
  this.timeout(60_000);
  let host: Engine;
  let faulty: FaultyEngine;
  let forgetful: Engine;
  /** Of this test's proofs, as others go on beside it. */
  let names: string[];
  /** Which requests have one of their options overlooked. */
  let overlooked: { in: RegExp; option: string } | undefined;
  before(async () => {
    host = await engine();
    faulty = await new FaultyEngine(host.address.replace("unix://", "")).start();
    forgetful = await connect(readSettings({ DOCKER_HOST: faulty.host }, () => undefined).docker);
    faulty.fault = (request) => {
      names.push(...(request.match(/openai-containers-proof-\w+/g) ?? []));
      return overlooked?.in.test(request) ? { overlooks: overlooked.option } : undefined;
    };
  });
  after(() => faulty?.stop());
  beforeEach(() => {
    names = [];
    overlooked = undefined;
  });
  afterEach(async () => {
    assert.notEqual(names.length, 0);
    for (const name of new Set(names)) assert.deepEqual(await leftOf(host.client, name), []);
  });

  it("holds on this engine", () => proveIsolation(forgetful, gatewayImage));

  const options: [what: string, request: RegExp, option: string, found: RegExp][] = [
    ["that the bridge has no address", /^POST \/networks\/create/, "Options", /198\.19\.\d+\.\d+ is on the network/],
    ["who resolves names", /^POST \/containers\/create/, "Dns", /another name server/],
  ];
  for (const [what, request, option, found] of options) {
    it(`fails, with what is reached, on one that overlooks ${what}`, async () => {
      overlooked = { in: request, option };
      await assert.rejects(proveIsolation(forgetful, gatewayImage), (error: Error) => {
        assert.match(error.message, /^The Docker engine at unix:\/\/\S+ does not isolate a network: .* reaches /);
        assert.match(error.message, found);
        return true;
      });
    });
  }

  it("removes what one that was killed has left, once it is old, and nothing of others", async () => {
    const { client } = host;
    const name = `openai-containers-proof-left-${randomBytes(4).toString("hex")}`;
    const Labels = { [proofLabel]: "" };
    await client.createNetwork({ Name: name, Labels, Internal: true });
    const HostConfig = { NetworkMode: name };
    await client.createContainer({ name, Image: gatewayImage, Cmd: ["node"], Labels, HostConfig });
    await proveIsolation(forgetful, gatewayImage);
    assert.equal((await leftOf(client, name)).length, 2);

    await proveIsolation({ ...forgetful, client: agedBy(600, forgetful.client, name) }, gatewayImage);
    names.push(name);
  });

  /** An engine's client that tells of one container and one network as if they were made so many seconds earlier. */
  function agedBy(seconds: number, client: Docker, name: string): Docker {
    const aged = Object.create(client);
    aged.listContainers = async (options: Docker.ContainerListOptions) =>
      (await client.listContainers(options)).map((container) =>
        container.Names.includes(`/${name}`) ? { ...container, Created: container.Created - seconds } : container,
      );
    aged.listNetworks = async (options: Docker.NetworkListOptions) =>
      (await client.listNetworks(options)).map((network) => {
        const time = Date.parse(network.Created) - (network.Name === name ? seconds * 1000 : 0);
        return { ...network, Created: new Date(time).toISOString() };
      });
    return aged;
  }

  it("comes before any sandbox, and leaves nothing where it fails", async () => {
    overlooked = { in: /^POST \/networks\/create/, option: "Options" };
    const ids: string[] = [];
    const making = { ...named, announce: (id: string) => void ids.push(id) };
    const args = sandboxArgs("tproof", { networkPolicy: { type: "allowlist", allowedDomains: ["a.example"] } });
    const backend = new DockerBackend(forgetful, { gatewayImage });
    await assert.rejects(backend.create(args, silent, making), /does not isolate a network/);
    assert.equal(ids.length, 1);
    assert.deepEqual(await leftOf(host.client, ids[0] ?? ""), []);
    await assertNothingLeft(host.client, "tproof");

    // The next one tries again.
    overlooked = undefined;
    const { id: made } = await backend.create(args, silent, named);
    await backend.delete(made);
  });
});
