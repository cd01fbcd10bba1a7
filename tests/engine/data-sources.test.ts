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

describe("data sources in a program on the hosted API", function () {
  this.timeout(180_000);
  let emulator: Emulator;
  let stack: Stack;
  before(async () => {
    emulator = await startEmulator({ projects: { [key]: "proj_1" } });
    // The settings come from the stack's configuration, for data sources as for resources.
    stack = new Stack({ OPENAI_API_KEY: undefined, OPENAI_BASE_URL: undefined });
    stack.program("").init();
    stack.configure("openai-containers:baseUrl", emulator.baseUrl);
    await stack.ok("config", "set", "--secret", "openai-containers:apiKey", key);
  });
  after(async () => {
    const account = { containers: () => emulator.containers("-/proj_1").filter(({ name }) => name === "box") };
    await stack.end(account).finally(() => emulator.stop());
  });

  let counted = 0;
  function requests(): string[] {
    const since = emulator.requests.slice(counted);
    counted = emulator.requests.length;
    return since.map(({ method, path }) => (path === "/v1/containers" && method === "GET" ? "list" : method));
  }

  it("send no request in a preview while an argument is unknown", async () => {
    stack.program(`${needed}
      const box = new Container("box", { name: "box" });
      exports.found = getContainerOutput({ id: box.id });
      exports.named = getContainersOutput({ name: box.id.apply(() => "box"), status: "running" }).containers.length;`);
    const { steps } = await stack.preview();
    assert.deepEqual(
      steps.map(({ op }) => op),
      ["create", "create"],
    );
    assert.deepEqual(requests(), []);
  });

  it("return the container that the program created, once its id is known", async () => {
    await stack.up();
    const [box] = emulator.containers("-/proj_1");
    assert.ok(box);
    assert.deepEqual(stack.outputs()["found"], {
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

  it("read existing containers in a preview too, and prolong no container's life", async () => {
    const active = emulator.containers("-/proj_1")[0]?.last_active_at;
    stack.program(`${needed}
      new Container("box", { name: "box" });
      module.exports = (async () => {
        const { id, status } = await getContainer({ name: "box" });
        const { containers } = await getContainers();
        return { seen: [id, status, containers.length].join(" ") };
      })();`);
    const seen = `${emulator.containers("-/proj_1")[0]?.id} running 1`;
    const { text } = await stack.run(["preview", "--diff"]);
    assert.match(text, new RegExp(`seen *: "${seen}"`));
    await stack.up();
    assert.equal(stack.outputs()["seen"], seen);
    assert.deepEqual(new Set(requests()), new Set(["list"]));
    assert.equal(emulator.containers("-/proj_1")[0]?.last_active_at, active);
  });

  it("fail in a preview with one message and no stack trace", async () => {
    const wrong = [
      [`getContainer({ name: "none" });`, /error: OC4010: There is no unexpired container named "none" at /],
      [
        `exports.found = getContainersOutput({ nmae: "x" });`,
        /error: OC4009: getContainers got invalid arguments: .*args\.nmae: unknown/,
      ],
    ] as const;
    for (const [program, says] of wrong) {
      const { code, text } = await stack.program(`${needed} ${program}`).run(["preview"]);
      assert.notEqual(code, 0);
      assert.match(text, says);
      assert.equal(text.split("Diagnostics:")[1]?.match(/error: /g)?.length, 1, text);
      assert.doesNotMatch(text, /\n\s+at /);
    }
  });

  it("show the progress of a wait in the stack's row, and not under Diagnostics", async () => {
    emulator.fault({ method: "GET", answer: { status: 429, headers: { "retry-after": "4" } } });
    stack.program(`${needed} exports.found = getContainersOutput().containers.length;`);
    const { code, text } = await stack.run(["preview"]);
    assert.equal(code, 0, text);
    assert.match(text, /Stack \S+ \w+ the API asked for a pause: \d s to go/);
    assert.equal(text.includes("Diagnostics:"), false, text);
  });
});

describe("data sources in a program on a Docker engine", function () {
  this.timeout(180_000);
  let client: Docker;
  let stack: Stack;
  before(async () => {
    ({ client } = await engine());
    stack = new Stack().program("").init();
    stack.configure("openai-containers:backend", "docker");
  });
  after(() => stack.end(client));

  const box = () =>
    `const box = new Container("box", { name: "${stack.prefix}", memoryLimit: "4g", docker: { image: "${image}" } });`;

  it("use the stack's backend, and return the container that the program created, once its id is known", async () => {
    stack.program(`${needed} ${box()}
      exports.found = getContainerOutput({ id: box.id });
      exports.all = getContainersOutput({ name: box.id.apply(() => "${stack.prefix}") });`);
    assert.deepEqual(
      (await stack.preview()).steps.map(({ op }) => op),
      ["create", "create"],
    );
    await stack.up();
    const { id, outputs } = stack.container();
    const found = z.looseObject({ lastActiveAt: z.number() }).parse(stack.outputs()["found"]);
    const { lastActiveAt, ...rest } = found;
    // Properties that do not apply are missing in a data source's result, and null in state.
    const shared = Object.fromEntries(
      Object.entries(outputs).filter(([name, value]) => !name.startsWith("__") && value !== null),
    );
    assert.deepEqual(rest, { id, ...shared });
    assert.ok(Math.abs(lastActiveAt - Number(outputs["createdAt"])) <= 10);
    const all = z.object({ containers: z.array(z.object({ id: z.string() })) }).parse(stack.outputs()["all"]);
    assert.deepEqual(all.containers, [{ id }]);
    await stack.ok("preview", "--expect-no-changes");
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
    assert.equal((await client.getContainer(stack.container().id ?? "").inspect()).State.Running, true);
  });
});
