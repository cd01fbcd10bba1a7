import assert from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import type Docker from "dockerode";
import { gatewayLabel, gatewayName } from "../../../provider/backends/docker/allowlist/gateway/gateway-spec";
import { DockerBackend } from "../../../provider/backends/docker/docker-backend";
import type { Engine } from "../../../provider/backends/docker/engine/engine";
import { asNobody, hardened, memoryLimits, volumeAt } from "../../../provider/backends/docker/engine/hardening";
import { watchdog } from "../../../provider/backends/docker/sandbox/watchdog";
import { engine, image } from "../../support/docker";
import { gatewayImage } from "../../support/live/images";
import { partsOf } from "../../support/live/site";

/** Sandboxes that an earlier build made: on an internal network with their gateway, from which datagrams reach the host. */
describe("a sandbox of an earlier version, with a network of its own", () => {
  const id = `cntr_${randomBytes(24).toString("hex")}`;
  const name = `te${randomBytes(4).toString("hex")}`;
  const Labels = { "openai-containers.name": name };
  const gigabyte = 2 ** 30;
  let host: Engine;
  let sandbox: Docker.Container;
  let volumes: string[];
  before(async () => {
    host = await engine();
    const { client } = host;
    const { subnet, gateway } = await makeNetwork(client);
    sandbox = await client.createContainer({
      name: id,
      Image: image,
      Entrypoint: watchdog(1200),
      Cmd: [],
      User: asNobody,
      WorkingDir: "/mnt",
      Labels: { ...Labels, "openai-containers.expires-after-minutes": "20", "openai-containers.image": image },
      NetworkingConfig: { EndpointsConfig: { [id]: { IPAMConfig: { IPv4Address: `${subnet}.3` } } } },
      HostConfig: {
        ...hardened,
        ...memoryLimits(gigabyte),
        NetworkMode: id,
        Dns: [gateway],
        ExtraHosts: [`a.example.com:${gateway}`],
        Mounts: ["/mnt", "/etc/ssl/certs"].map((target) => volumeAt(target, Labels)),
      },
    });
    const served = await client.createContainer({
      name: gatewayName(id),
      Image: gatewayImage,
      Entrypoint: ["node", "-e", "setTimeout(() => {}, 600_000)"],
      Labels: { [gatewayLabel]: id },
      HostConfig: { ...hardened, NetworkMode: "bridge", Mounts: [volumeAt("/gateway", {})] },
    });
    await client
      .getNetwork(id)
      .connect({ Container: served.id, EndpointConfig: { IPAMConfig: { IPv4Address: gateway } } });
    for (const container of [sandbox, served]) await container.start();
    await served.kill();
    const mounts = [...(await sandbox.inspect()).Mounts, ...(await served.inspect()).Mounts];
    volumes = mounts.map(({ Name = "" }) => Name);
    assert.equal(volumes.length, 3);
  });
  // What a failure may have left.
  after(async () => {
    for (const one of [id, gatewayName(id)])
      await host.client
        .getContainer(one)
        .remove({ force: true, v: true })
        .catch(() => undefined);
    await host.client
      .getNetwork(id)
      .remove()
      .catch(() => undefined);
  });

  /** Internal, and with a bridge that has no address. */
  async function makeNetwork(client: Docker): Promise<{ subnet: string; gateway: string }> {
    for (;;) {
      const subnet = `198.19.${randomInt(256)}`;
      try {
        await client.createNetwork({
          Name: id,
          Driver: "bridge",
          Internal: true,
          IPAM: { Driver: "default", Config: [{ Subnet: `${subnet}.0/29` }] },
          Options: { "com.docker.network.bridge.inhibit_ipv4": "true" },
          Labels,
        });
        return { subnet, gateway: `${subnet}.2` };
      } catch (error) {
        if (!(error instanceof Error) || !/overlap/.test(error.message)) throw error;
      }
    }
  }

  const backend = () => new DockerBackend(host, { gatewayImage });

  it("reads as exposed, running or stopped, with its allowed domains", async () => {
    const isExposed = async () => {
      assert.equal(await backend().status(id), "exposed");
      const observed = await backend().observe(id);
      assert.equal(observed?.status, "exposed");
      assert.deepEqual(observed?.networkPolicy, { type: "allowlist", allowedDomains: ["a.example.com"] });
      const listed = await backend().list(name);
      assert.deepEqual(
        listed.map(({ status }) => status),
        ["exposed"],
      );
    };
    await isExposed();
    await sandbox.kill();
    await isExposed();
  });

  it("is removed with its gateway, its network and its volumes", async () => {
    // Podman gives volumes no label, by which they are found.
    const labelled = host.location.startsWith("podman:") ? 0 : 2;
    assert.equal((await partsOf(host.client, id, name)).length, 3 + labelled);
    await backend().delete(id);
    assert.deepEqual(await partsOf(host.client, id, name), []);
    const { Volumes } = await host.client.listVolumes();
    assert.deepEqual(
      Volumes.filter(({ Name }) => volumes.includes(Name)),
      [],
    );
    assert.equal(await backend().status(id), undefined);
  });
});
