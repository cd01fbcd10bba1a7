import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { z } from "zod";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { engine, image } from "../support/docker";
import { key } from "../support/hosted";
import { Stack } from "../support/stack";

const needed = `const { getContainer, getContainerOutput, getContainers, getContainersOutput } = require("pulumi-openai-containers");`;

describe("data sources in a program on the hosted API and a Docker engine", function () {
  this.timeout(300_000);
  let emulator: Emulator;
  let client: Docker;
  let stack: Stack;
  const hosted = () => emulator.containers("-/proj_1");

  before(async () => {
    emulator = await startEmulator({ projects: { [key]: "proj_1" } });
    ({ client } = await engine());
    // The settings come from the stack's configuration, for data sources as for resources.
    stack = new Stack({ OPENAI_API_KEY: undefined, OPENAI_BASE_URL: undefined });
    stack.program("").init();
    stack.configure("openai-containers:baseUrl", emulator.baseUrl);
    stack.configure("openai-containers:backend", "docker");
    await stack.ok("config", "set", "--secret", "openai-containers:apiKey", key);
  });
  after(() => stack.end(client).finally(() => emulator.stop()));

  let counted = 0;
  function requests(): string[] {
    const since = emulator.requests.slice(counted);
    counted = emulator.requests.length;
    return since.map(({ method, path }) => (path === "/v1/containers" && method === "GET" ? "list" : method));
  }

  const containers = () => `${needed}
    const hosted = new Container("hosted", { name: "box", backend: "openai" });
    const local = new Container("local", { name: "${stack.prefix}", memoryLimit: "4g", docker: { image: "${image}" } });`;

  it("send no request in a preview while an argument is unknown", async () => {
    stack.program(`${containers()}
      exports.hosted = getContainerOutput({ id: hosted.id, backend: "openai" });
      exports.named = getContainersOutput({ name: hosted.id.apply(() => "box"), status: "running", backend: "openai" }).containers.length;
      exports.local = getContainerOutput({ id: local.id });
      exports.all = getContainersOutput({ name: local.id.apply(() => "${stack.prefix}") });`);
    assert.match(await stack.ok("preview"), /\+ 3 to create/);
    assert.deepEqual(requests(), []);
  });

  it("return the containers that the program created, once their ids are known", async () => {
    await stack.up();
    const [box] = hosted();
    assert.ok(box);
    assert.deepEqual(stack.outputs()["hosted"], {
      id: box.id,
      object: "container",
      name: "box",
      status: "running",
      createdAt: box.created_at,
      lastActiveAt: box.last_active_at,
      memoryLimit: "1g",
      networkPolicy: { type: "disabled" },
      expiresAfter: { anchor: "last_active_at", minutes: 20 },
      backend: "openai",
      location: `openai:${emulator.baseUrl}`,
      project: "proj_1",
    });
    assert.equal(stack.outputs()["named"], 1);
    assert.deepEqual(new Set(requests()), new Set(["POST", "list"]));
  });

  it("use the stack's backend where they name none", () => {
    const { id, outputs } = stack.containers().find(({ urn }) => urn.endsWith("::local")) ?? assert.fail();
    const { lastActiveAt, ...rest } = z.looseObject({ lastActiveAt: z.number() }).parse(stack.outputs()["local"]);
    // Properties that do not apply are missing in a data source's result, and null in state.
    const shared = Object.fromEntries(
      Object.entries(outputs).filter(([name, value]) => !name.startsWith("__") && value !== null),
    );
    assert.deepEqual(rest, { id, ...shared });
    assert.ok(lastActiveAt >= Number(outputs["createdAt"]));
    const all = z.object({ containers: z.array(z.object({ id: z.string() })) }).parse(stack.outputs()["all"]);
    assert.deepEqual(all.containers, [{ id }]);
  });

  it("read existing containers in a preview too, prolong no container's life, and show the progress of a wait in the stack's row", async () => {
    const [box] = hosted();
    emulator.fault({ method: "GET", answer: { status: 429, headers: { "retry-after": "4" } } });
    stack.program(`${containers()}
      module.exports = (async () => {
        const { id, status } = await getContainer({ name: "box", backend: "openai" });
        const { containers } = await getContainers({ backend: "openai" });
        return { seen: [id, status, containers.length].join(" ") };
      })();`);
    const text = await stack.ok("preview");
    assert.match(text, new RegExp(`seen *: "${box?.id} running 1"`));
    assert.match(text, /Stack \S+ \w+ the API asked for a pause: \d s to go/);
    assert.equal(text.includes("Diagnostics:"), false, text);
    assert.deepEqual(new Set(requests()), new Set(["list"]));
    assert.equal(hosted()[0]?.last_active_at, box?.last_active_at);
  });

  it("fail in a preview with one message each and no stack trace", async () => {
    stack.program(`${needed}
      getContainer({ name: "none" });
      exports.found = getContainersOutput({ nmae: "x" });`);
    const { code, text } = await stack.run(["preview"]);
    assert.notEqual(code, 0);
    const [, diagnostics = ""] = text.split("Diagnostics:");
    assert.match(diagnostics, /error: OC4010: There is no unexpired container named "none" at /);
    assert.match(diagnostics, /error: OC4009: getContainers got invalid arguments: .*args\.nmae: unknown/);
    assert.equal(diagnostics.match(/error: /g)?.length, 2, text);
    assert.doesNotMatch(text, /\n\s+at /);
  });

  it("have types that a TypeScript program compiles with", async () => {
    const typed = new Stack();
    typed.example("hosted").init();
    try {
      writeFileSync(
        join(typed.folder, "index.ts"),
        `import * as pulumi from "@pulumi/pulumi";
         import { type GetContainerResult, getContainer, getContainerOutput, getContainersOutput } from "pulumi-openai-containers";
         const backend = pulumi.output("docker" as const);
         const all = getContainersOutput({ name: "${stack.prefix}", backend });
         const one: pulumi.Output<GetContainerResult> = getContainerOutput({ id: all.containers[0].id, backend });
         export const memoryLimit: pulumi.Output<string | undefined> = one.memoryLimit;
         export const used: Promise<boolean> = getContainer({ name: "${stack.prefix}", backend: "docker" })
           .then(({ lastActiveAt = 0, createdAt }) => lastActiveAt >= createdAt);`,
      );
      await typed.up();
      assert.deepEqual([typed.outputs()["memoryLimit"], typed.outputs()["used"]], ["4g", true]);
    } finally {
      await typed.end({ containers: () => [] });
    }
  });
});
