import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { ContainerCreateOptions } from "dockerode";
import { gatewaySpec } from "../../provider/backends/docker/allowlist/gateway/gateway-spec";
import { containerSpec } from "../../provider/backends/docker/sandbox/container-spec";
import { engineAt, sandboxArgs } from "../support/docker";

/** What an engine responds to every request: its version, its features, and the id of a new container. */
const response = {
  ...{ ApiVersion: "1.41", ID: "x", Name: "x", DockerRootDir: "/", Id: "made" },
  ...{ MemTotal: 1, MemoryLimit: true, SwapLimit: true },
};

describe("the request that creates a container", () => {
  const folder = mkdtempSync(join(tmpdir(), "spec-in-body-test-"));
  const socket = join(folder, "engine.sock");
  const requests: { url: string; body: string }[] = [];
  let server: Server;

  before(async () => {
    server = createServer(async (request, answer) => {
      requests.push({ url: request.url ?? "", body: await text(request) });
      answer.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(response));
    });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  /** Creates a container by the client of a connected engine. */
  async function sent(spec: ContainerCreateOptions): Promise<{ url: string; body: string }> {
    const { client } = await engineAt(`unix://${socket}`);
    const container = await client.createContainer(spec);
    assert.equal(container.id, "made");
    return requests.at(-1) ?? assert.fail("no request arrived");
  }

  it("has only the container's name in its URL, and the sandbox's environment and labels in its body", async () => {
    const placeholders = new Map([["TOKEN", "placeholder-1"]]);
    const allowList = { allowedDomains: ["a.example.com"], placeholders };
    const spec = containerSpec("cntr_1", sandboxArgs("reports"), 60, allowList);
    const { url, body } = await sent(spec);
    assert.equal(url, "/v1.41/containers/create?name=cntr_1");
    const { name: _, ...expected } = spec;
    assert.deepEqual(JSON.parse(body), JSON.parse(JSON.stringify(expected)));
    assert.ok(expected.Env?.includes("TOKEN=placeholder-1"));
  });

  it("has only the gateway's name in its URL", async () => {
    const { url } = await sent(gatewaySpec("cntr_1", "node:22", "volume-1"));
    assert.equal(url, "/v1.41/containers/create?name=cntr_1-gateway");
  });

  it("has nothing in its URL where the container has no name", async () => {
    const { url, body } = await sent({ Image: "alpine:3", Env: ["SECRET=hunter2"] });
    assert.match(url, /^\/v1\.41\/containers\/create\??$/);
    assert.deepEqual(JSON.parse(body), { Image: "alpine:3", Env: ["SECRET=hunter2"] });
  });
});
