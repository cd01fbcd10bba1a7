import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { adopted } from "../../provider/lifecycle/import/adopt";
import { named } from "../support/create-context";
import { engine, image, sandboxArgs } from "../support/docker";
import { hosted as openHosted } from "../support/hosted";
import { createByHttp, RawContainers } from "../support/raw-containers";
import { silent } from "../support/silent";
import { Stack } from "../support/stack";
import { dockerTestBackend, hostedTestBackend } from "../support/test-backend";

const docker = `backend: "docker", docker: { image: "${image}" }`;

describe("the import option", function () {
  this.timeout(300_000);
  let hosted: Awaited<ReturnType<typeof hostedTestBackend>>;
  let local: Awaited<ReturnType<typeof dockerTestBackend>>;
  let stack: Stack;
  let raw: RawContainers;
  /** The containers that exist before the stack does. */
  let ids: { remote: string; box: string; tools: string };

  /** One in a component on the hosted API, one on Docker, and one of another origin with an explicit provider. */
  const program = (option: "import" | "none", memory = "4g", names = ["remote", "box", "tools"]) => {
    const imports = (id: string, others = "") => `{ ${option === "import" ? `import: "${id}", ` : ""}${others} }`;
    const containers: Record<string, string> = {
      remote: `new Container("${stack.prefix}-remote", { memoryLimit: "${memory}" }, ${imports(ids.remote, "parent: team, retainOnDelete: true")});`,
      box: `new Container("${stack.prefix}-box", { memoryLimit: "${memory}", ${docker} }, ${imports(ids.box)});`,
      tools: `new Container("${stack.prefix}-tools", { docker: { image: "${image}" } }, ${imports(`${stack.prefix}-tools`, "provider")});`,
    };
    return stack.program(`
      const { Provider } = require("pulumi-openai-containers");
      const team = new pulumi.ComponentResource("tests:index:Team", "team");
      const provider = new Provider("engine", { backend: "docker" });
      ${names.map((name) => containers[name]).join("\n")}`);
  };
  const nameIn = (urn: string) => urn.split("-").at(-1) ?? "";
  const urnOf = (name: string) => stack.containers().find(({ urn }) => nameIn(urn) === name)?.urn ?? assert.fail(name);
  const idsInState = () => Object.fromEntries(stack.containers().map(({ urn, id }) => [nameIn(urn), id]));

  before(async () => {
    [hosted, local] = await Promise.all([hostedTestBackend(), dockerTestBackend()]);
    stack = new Stack({ ...hosted.env, ...local.env }).init();
    raw = new RawContainers(local.client, stack.prefix);
    const backend = new DockerBackend(await engine());
    const box = await backend.create(sandboxArgs(`${stack.prefix}-box`, { memoryLimit: "4g" }), silent, named);
    ids = {
      remote: await createByHttp(hosted.emulator, { name: `${stack.prefix}-remote`, memory_limit: "4g" }),
      box: box.id,
      tools: await raw.run("tools"),
    };
  });
  after(async () => {
    await raw.removeAll();
    await stack.end(local.holder);
    await Promise.all([hosted.stop(), local.stop()]);
  });

  it("fails in a preview that differs from the containers, or imports one twice, with the reasons", async () => {
    const box = (name: string, memory: string) =>
      `new Container("${name}", { memoryLimit: "${memory}", ${docker} }, { import: "${ids.box}" });`;
    const differing = await stack.program(box("box", "1g")).run(["preview"]);
    const reason = `Cannot import ${ids.box}, which differs from the program: memoryLimit: the program has "1g", the container has "4g"`;
    assert.ok(differing.text.includes(`has a problem: OC2403: ${reason}. `), differing.text);
    const twice = await stack.program(box("box", "4g") + box("twin", "4g")).run(["preview"]);
    assert.match(
      twice.text,
      new RegExp(`OC2404: Container ${ids.box} would belong to two resources: (box and twin|twin and box)`),
    );
    for (const { code, text } of [differing, twice]) {
      assert.notEqual(code, 0);
      assert.doesNotMatch(text, /\n\s+at /);
    }
  });

  it("says in a preview which containers it imports", async () => {
    const text = await program("import").ok("preview");
    assert.match(text, new RegExp(`imports ${ids.remote} \\(running, 4g\\)`));
    assert.match(text, new RegExp(`imports ${ids.box} \\(running, 4g\\)`));
    assert.match(text, new RegExp(`imports ${ids.tools} \\(running, 1g\\)`));
    assert.match(text, /OC2409: container \w+ is imported as it is, without idle expiry, /);
  });

  it("adopts the containers, also in a component and with an explicit provider, and creates none", async () => {
    await stack.up();
    assert.deepEqual(idsInState(), ids);
    assert.deepEqual(await local.inventory(stack.prefix), [ids.box]);
    assert.equal(hosted.emulator.containers().length, 1);
  });

  it("shows no change afterwards, left, refreshed or removed", async () => {
    await stack.ok("preview", "--expect-no-changes");
    await stack.ok("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await program("none").ok("preview", "--expect-no-changes");
    await program("import").ok("preview", "--expect-no-changes");
  });

  it("imports the container again with --replace, which deletes nothing", async () => {
    const text = await stack.up("--replace", urnOf("box"));
    assert.match(text, new RegExp(`OC2408: container ${ids.box} is kept: in this run ${stack.prefix}-box has it`));
    assert.deepEqual(idsInState(), ids);
    assert.deepEqual(await local.inventory(stack.prefix), [ids.box]);
  });

  it("has no effect any more once a change has replaced the containers, and a preview says so", async () => {
    const { steps, diagnostics } = await program("import", "16g").preview();
    const changes = steps.flatMap(({ op, urn, detailedDiff }) =>
      op === "replace" ? [[nameIn(urn), Object.keys(detailedDiff ?? {})]] : [],
    );
    assert.deepEqual(Object.fromEntries(changes), { remote: ["memoryLimit"], box: ["memoryLimit"] });
    const ends = diagnostics.filter(({ message }) => message.includes("OC2407: a new container replaces "));
    assert.equal(ends.length, 2);
    await stack.up();
    const { remote, box, tools } = idsInState();
    assert.equal(tools, ids.tools);
    assert.deepEqual([remote === ids.remote, box === ids.box], [false, false]);
    assert.deepEqual(await local.inventory(stack.prefix), [box]);
    await stack.ok("preview", "--expect-no-changes");
  });

  it("takes over containers that the stack lets go by retainOnDelete and by state delete, in another stack", async () => {
    const { remote, box } = idsInState();
    await stack.ok("state", "delete", urnOf("box"), "--yes");
    await program("import", "16g", ["tools"]).up(); // which retains the other one
    const other = new Stack({ ...hosted.env, ...local.env }).init();
    try {
      other.program(`
        new Container("${stack.prefix}-remote", { memoryLimit: "16g" }, { import: "${remote}" });
        new Container("${stack.prefix}-box", { memoryLimit: "16g", ${docker} }, { import: "${box}" });`);
      await other.up();
      assert.deepEqual(new Set(other.containers().map(({ id }) => id)), new Set([remote, box]));
      await other.ok("preview", "--expect-no-changes");
    } finally {
      await other.destroy();
      await other.end(local.holder);
    }
    assert.deepEqual(await local.inventory(stack.prefix), []);
  });

  it("removes an imported container with the stack", async () => {
    await stack.destroy();
    assert.deepEqual(await raw.ids(), []);
  });
});

describe("a container that pulumi import brought in by a file", function () {
  this.timeout(300_000);
  let hosted: Awaited<ReturnType<typeof hostedTestBackend>>;
  let stack: Stack;

  const program = (secret: string, more = "") =>
    stack.program(`
      new Container("box", {
        name: "${stack.prefix}-box",
        networkPolicy: {
          type: "allowlist", allowedDomains: ["a.example.com"],
          domainSecrets: [{ domain: "a.example.com", name: "TOKEN", value: "${secret}" }],
        },
        ${more}
      });`);
  const stepsOf = async () =>
    (await stack.preview()).steps.flatMap(({ op, urn }) => (urn.endsWith("::box") ? [op] : []));

  before(async () => {
    hosted = await hostedTestBackend();
    stack = new Stack(hosted.env).init();
  });
  after(() => stack.end(hosted.emulator).finally(() => hosted.stop()));

  it("takes the first values of its program for what the API does not report, and a refresh keeps them", async () => {
    program("sk-first-value", 'fileIds: ["file-1"],');
    const network_policy = { type: "allowlist", allowed_domains: ["a.example.com"] };
    const name = `${stack.prefix}-box`;
    const id = await createByHttp(hosted.emulator, { name, network_policy });
    const backend = await openHosted(hosted.emulator.baseUrl);
    const candidate = (await backend.candidate(id, silent)) ?? assert.fail();
    const { inputs, outputs } = adopted(candidate, { name, backend: "openai" }, backend);
    assert.deepEqual(outputs["__unreported"], ["fileIds", "skills", "networkPolicy.domainSecrets"]);
    const __provider = 'exports.handler=()=>require("pulumi-openai-containers/provider").provider';
    const type = "pulumi-nodejs:dynamic/openai-containers:Container";
    const box = { type, name: "box", id, inputs: { ...inputs, __provider }, outputs: { ...outputs, __provider } };
    writeFileSync(join(stack.folder, "import.json"), JSON.stringify({ resources: [box] }));
    await stack.ok(
      "import",
      "--file",
      "import.json",
      "--generate-code=false",
      "--yes",
      "--skip-preview",
      "--protect=false",
    );

    await stack.ok("preview", "--expect-no-changes");
    await stack.up();
    await stack.ok("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await stack.ok("preview", "--expect-no-changes");
    program("sk-second-value", 'fileIds: ["file-1"],');
    assert.deepEqual(await stepsOf(), ["replace"]);
    program("sk-first-value");
    assert.deepEqual(await stepsOf(), ["replace"]);
    await stack.destroy();
  });
});
