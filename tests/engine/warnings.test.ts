import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import type Docker from "dockerode";
import { engine, image } from "../support/docker";
import { Stack } from "../support/stack";
import { previewed } from "../support/told";

describe("warnings about two containers", function () {
  this.timeout(120_000);
  const stack = new Stack();
  const names = ["one", "two"].map((of) => `${stack.prefix}-${of}`);
  let client: Docker;

  const program = (policy: string, egress = "") =>
    stack.program(
      names
        .map(
          (name) =>
            `new Container("${name}", { backend: "docker", ${policy} docker: { image: "${image}", ${egress} } });`,
        )
        .join("\n"),
    );

  before(async () => {
    ({ client } = await engine());
    await program("").init();
    await stack.up();
  });
  after(() => stack.end(client));

  it("in the same words stand once at each, although Pulumi has the inputs of a replacement checked twice", async () => {
    program(
      `networkPolicy: { type: "allowlist", allowedDomains: ["a.example"] },`,
      `egress: { privateRanges: ["10.0.0.0/8"] }`,
    );
    const warning = "docker.egress.privateRanges: allowed domains may lead to the private networks 10.0.0.0/8";
    assert.deepEqual(
      previewed(await stack.preview()),
      names.map((name) => `${name}: ${warning}`),
    );
  });

  it("stand once, at the stack, where they concern the whole run", async () => {
    program("");
    const elsewhere = new Stack({ DOCKER_HOST: "unix:///tmp/openai-containers-test-none.sock" }, stack);
    const [line = "", ...others] = previewed(await elsewhere.preview());
    assert.match(line, /^no resource: skipped the liveness check: OC2202: There is no Docker engine at unix:/);
    assert.deepEqual(others, []);
  });

  it("stand once, before anything is sent, where the way to the engine can be read", async function () {
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    const own = addresses.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
    if (own === undefined) return this.skip(); // an address of this machine that is no loopback's
    const host = `tcp://${own}:1`; // where nobody listens
    const elsewhere = new Stack({ DOCKER_HOST: host }, stack);
    const [skipped, way, ...others] = previewed(await elsewhere.preview()).sort();
    assert.equal(
      way,
      `no resource: what is sent to the Docker engine at ${host} (DOCKER_HOST) is not encrypted: whoever is on the way can read domain secrets, and use the engine. Set DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, or forward its socket by ssh`,
    );
    assert.match(skipped ?? "", /skipped the liveness check/);
    assert.deepEqual(others, []);
  });
});
