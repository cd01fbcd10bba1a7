import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { getContainer, getContainerOutput, getContainers, getContainersOutput } from "../../sdk";
import { type ContainerResource, type Double, ManualClock, startDouble } from "../../sdk/double";
import { assertNothingLeft, containersNamed, engine, image, inside, sandboxArgs, stopped } from "../support/docker";
import { hosted, hostedArgs, key } from "../support/hosted";
import { named } from "../support/making";
import { silent } from "../support/silent";

const checkout = join(__dirname, "../..");
const moment = 1_100; // ms after which look-ups look anew

/** What a look-up fails with, as both Pulumi and Node print it. */
function failure(message: RegExp) {
  return (error: unknown) => {
    assert.ok(pulumi.RunError.isInstance(error));
    assert.match(error.message, message);
    assert.equal(error.stack, error.message);
    return true;
  };
}

/** Runs a script as anybody would who has the package, with no Pulumi around. */
function node(script: string, env: NodeJS.ProcessEnv): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const options = { cwd: checkout, env: { ...process.env, ...env }, timeout: 30_000, killSignal: "SIGKILL" } as const;
    const child = execFile(process.execPath, ["-e", script], options, (_, out, err) => {
      resolve({ code: child.exitCode, out, err });
    });
  });
}

/** Ends a script's look-ups: it tells what they gave, and how long the process lives on. */
const tell = `.then((told) => {
  const done = Date.now();
  process.on("exit", () => console.log(JSON.stringify({ told, livesOn: Date.now() - done })));
});`;

describe("look-ups on the hosted API", () => {
  const before = ["OPENAI_API_KEY", "OPENAI_BASE_URL"].map((name) => [name, process.env[name]] as const);
  let clock: ManualClock;
  let double: Double;
  beforeEach(async () => {
    clock = new ManualClock();
    double = await startDouble({ clock, requestsPerMinute: 1_000_000, projects: { [key]: "proj_1" } });
    Object.assign(process.env, { OPENAI_API_KEY: key, OPENAI_BASE_URL: double.baseUrl });
  });
  afterEach(async () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await double.stop();
  });

  const account = "-/proj_1";
  const seconds = () => Math.floor(clock.now() / 1000);
  const seed = (...containers: Partial<ContainerResource>[]) => double.seed(containers, account);
  /** The requests, as `list` or `GET`. */
  const asked = () =>
    double.requests.map(({ method, path }) => (path === "/v1/containers" && method === "GET" ? "list" : method));

  it("tell all that the API tells, and prolong no life", async () => {
    const [id = ""] = seed({
      name: "fetcher",
      created_at: seconds() - 600,
      last_active_at: seconds() - 300,
      memory_limit: "4g",
      network_policy: { type: "allowlist", allowed_domains: ["pypi.org"] },
      expires_after: { anchor: "last_active_at", minutes: 15 },
    });
    const expected = {
      id,
      object: "container",
      name: "fetcher",
      status: "running",
      createdAt: seconds() - 600,
      lastActiveAt: seconds() - 300,
      memoryLimit: "4g",
      networkPolicy: { type: "allowlist", allowedDomains: ["pypi.org"] },
      expiresAfter: { anchor: "last_active_at", minutes: 15 },
      backend: "openai",
      location: `openai:${double.baseUrl}`,
      docker: undefined,
      imageId: undefined,
      project: "proj_1",
    } as const;
    assert.deepEqual(await getContainer({ id }), expected);
    assert.deepEqual(await getContainer({ name: "fetcher" }), expected);
    assert.deepEqual(await getContainers(), { containers: [expected] });
    assert.deepEqual(new Set(asked()), new Set(["list"]));
    assert.equal(double.containers(account)[0]?.last_active_at, seconds() - 300);
  });

  it("tell of expired ones by id and in the list, and not by name", async () => {
    const [id = "", young = ""] = seed(
      { name: "box", created_at: seconds() - 600 },
      { name: "young", created_at: seconds() },
    );
    double.expire(id);
    assert.equal((await getContainer({ id })).status, "expired");
    await assert.rejects(
      getContainer({ name: "box" }),
      failure(
        new RegExp(`^There is no container named "box" alive at openai:${double.baseUrl}: ${id} of that name has exp`),
      ),
    );
    const { containers } = await getContainers();
    assert.deepEqual(
      containers.map((container) => [container.id, container.status]),
      [
        [young, "running"],
        [id, "expired"],
      ],
    );
    assert.deepEqual((await getContainers({ status: "running" })).containers, [await getContainer({ id: young })]);
    assert.deepEqual((await getContainers({ name: "box", status: "running" })).containers, []);
  });

  it("name the candidates where a name is not unique", async () => {
    const [one, two] = seed({ name: "box" }, { name: "box" });
    await assert.rejects(
      getContainer({ name: "box" }),
      failure(
        new RegExp(`^2 containers named "box" are alive at .*: (${one}, ${two}|${two}, ${one})\\. Look it up by`),
      ),
    );
  });

  it("say that there is no such container", async () => {
    const none = `cntr_${"0".repeat(48)}`;
    await assert.rejects(
      getContainer({ id: none }),
      failure(new RegExp(`^There is no container ${none} at openai:${double.baseUrl}\\. Correct the id`)),
    );
  });

  it("find what no list tells of yet, and leave open when it was in use", async () => {
    await double.stop();
    double = await startDouble({ clock, requestsPerMinute: 1_000_000, listLagSeconds: 60 });
    process.env["OPENAI_BASE_URL"] = double.baseUrl;
    const { id } = await (await hosted(double.baseUrl)).create(hostedArgs("new"), silent, named);
    const { status, lastActiveAt } = await getContainer({ id });
    assert.deepEqual([status, lastActiveAt], ["running", undefined]);
  });

  it("share one look at all within a moment, and look anew after it", async () => {
    const ids = seed(...Array.from({ length: 50 }, (_, at) => ({ name: `box-${at}` })));
    const look = () => Promise.all(ids.map(async (id) => (await getContainer({ id })).status));
    assert.deepEqual(new Set(await look()), new Set(["running"]));
    assert.deepEqual(asked(), ["list"]);
    for (const id of ids) double.expire(id);
    await sleep(moment);
    assert.deepEqual(new Set(await look()), new Set(["expired"]));
    assert.deepEqual(asked(), ["list", "list"]);
  });

  it("heed settings that change within the moment", async () => {
    const other = await startDouble();
    try {
      other.seed([{ name: "there" }]);
      assert.deepEqual((await getContainers()).containers, []);
      process.env["OPENAI_BASE_URL"] = other.baseUrl;
      assert.equal((await getContainer({ name: "there" })).location, `openai:${other.baseUrl}`);
    } finally {
      await other.stop();
    }
  });

  it("fail in one message for what is wrong with arguments, key and address", async () => {
    await assert.rejects(getContainer({}), failure(/^getContainer takes either an id or a name, and got neither\./));
    await assert.rejects(
      getContainers({ name: "" }),
      failure(/^getContainers cannot use what it was given: args\.name: got an empty string/),
    );
    assert.deepEqual(asked(), []);
    const gone = await startDouble();
    await gone.stop();
    process.env["OPENAI_BASE_URL"] = gone.baseUrl;
    await assert.rejects(getContainers(), failure(/^No API can be reached at .* \(from OPENAI_BASE_URL\) \(ECONNREF/));
    delete process.env["OPENAI_API_KEY"];
    await assert.rejects(getContainers(), failure(/^There is no API key\. Set OPENAI_API_KEY/));
  });

  it("have forms that take and give outputs", async () => {
    const [id = ""] = seed({ name: "box" }, { name: "other" });
    const resolved = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));
    const one = getContainerOutput({ id: pulumi.output(Promise.resolve(id)), backend: undefined });
    assert.deepEqual(await resolved(one), await getContainer({ id }));
    assert.equal(await resolved(one.memoryLimit), "1g");
    const all = getContainersOutput({ name: pulumi.output("box") });
    assert.deepEqual(await resolved(all), await getContainers({ name: "box" }));
    assert.equal((await resolved(getContainersOutput())).containers.length, 2);
    assert.equal(await pulumi.isSecret(getContainerOutput({ id: pulumi.secret(id) })), true);
  });

  it("work in a plain script, which ends when they are done and prints what it prints", async () => {
    const [id] = seed({ name: "box" }, { name: "other" });
    // A pause that the API asks for is waited for, and told to nobody.
    double.fault({ method: "GET", answer: { status: 429, headers: { "retry-after": "3" } } });
    const { code, out, err } = await node(
      `const { getContainer, getContainers } = require("pulumi-openai-containers");
       Promise.all([getContainer({ id: "${id}" }), getContainer({ name: "box" }), getContainers()])${tell}`,
      {},
    );
    assert.deepEqual([code, err], [0, ""]);
    const { told, livesOn } = JSON.parse(out);
    assert.deepEqual(told[0], told[1]);
    assert.deepEqual([told[0].id, told[2].containers.length], [id, 2]);
    assert.ok(livesOn < 300, `lived on for ${livesOn} ms`);
  });

  it("warn of nothing where many of them wait for the same", async () => {
    seed({ name: "box" });
    double.fault({ method: "GET", answer: "cut", times: 20 });
    const { out, err } = await node(
      `const { getContainer } = require("pulumi-openai-containers");
       const looks = Array.from({ length: 20 }, () => getContainer({ name: "box" }));
       Promise.all(looks).then((told) => console.log(told.length));`,
      {},
    );
    assert.deepEqual([out, err], ["20\n", ""]);
  });

  it("fail in a plain script in one message without a stack trace", async () => {
    const { code, err } = await node(`require("pulumi-openai-containers").getContainer({ name: "none" });`, {});
    assert.equal(code, 1);
    assert.match(err, /There is no container named "none" alive at openai:/);
    assert.doesNotMatch(err, /\n\s+at /);
  });

  it("load what they need, and nothing before the first one", async () => {
    const loaded = `Object.keys(require.cache).flatMap((path) =>
      /dist\\/(provider)\\/|node_modules\\/(zod|openai|dockerode)\\//.exec(path)?.slice(1).filter(Boolean) ?? [])`;
    const { out, err } = await node(
      `const { getContainers } = require("pulumi-openai-containers");
       const before = ${loaded};
       getContainers().then(() => console.log(JSON.stringify([before, [...new Set(${loaded})].sort()])));`,
      {},
    );
    assert.deepEqual([JSON.parse(out || "null"), err], [[[], ["openai", "provider", "zod"]], ""]);
  });
});

describe("look-ups on a Docker engine", function () {
  this.timeout(120_000);
  const prefix = `t${randomBytes(4).toString("hex")}`;
  let client: Docker;
  let backend: DockerBackend;
  before(async () => {
    const found = await engine();
    client = found.client;
    backend = new DockerBackend(found);
  });
  afterEach(async () => {
    for (const id of await containersNamed(client, prefix)) await backend.delete(id);
    await assertNothingLeft(client, prefix);
  });

  const make = async (name: string) =>
    (await backend.create(sandboxArgs(name, { expiresAfter: { anchor: "last_active_at", minutes: 1 } }), silent, named))
      .id;

  it("tell all that the engine tells, by id, by name and in the list", async () => {
    const id = await make(`${prefix}-full`);
    const { Created, Image } = await client.getContainer(id).inspect();
    const { lastActiveAt = 0, ...told } = await getContainer({ id, backend: "docker" });
    const createdAt = Math.floor(Date.parse(Created) / 1000);
    assert.deepEqual(told, {
      id,
      object: "container",
      name: `${prefix}-full`,
      status: "running",
      createdAt,
      memoryLimit: "1g",
      networkPolicy: { type: "disabled" },
      expiresAfter: { anchor: "last_active_at", minutes: 1 },
      backend: "docker",
      location: backend.location,
      docker: { image },
      imageId: Image,
      project: undefined,
    });
    assert.ok(lastActiveAt >= createdAt && lastActiveAt <= createdAt + 5, `${lastActiveAt - createdAt} s`);
    assert.equal((await getContainer({ name: `${prefix}-full`, backend: "docker" })).id, id);
    const { containers } = await getContainers({ name: `${prefix}-full`, backend: "docker" });
    assert.deepEqual(
      containers.map((container) => container.id),
      [id],
    );
  });

  it("tell when it was in use, which looking is not", async () => {
    const id = await make(`${prefix}-used`);
    const used = async () => (await getContainer({ id, backend: "docker" })).lastActiveAt ?? Number.NaN;
    const first = await used();
    await sleep(4_000);
    const { containers } = await getContainers({ name: `${prefix}-used`, backend: "docker" });
    for (const again of [await used(), containers[0]?.lastActiveAt ?? Number.NaN])
      assert.ok(Math.abs(again - first) <= 1, `${again - first} s later`);
    const began = Math.floor(Date.now() / 1000);
    await inside(client, id, "true");
    await sleep(6_000); // the sandbox looks every five seconds
    assert.ok((await used()) >= began - 1);
  });

  it("choose the one alive, stopped or not, and name the candidates where there are several", async () => {
    const name = `${prefix}-twin`;
    const [one, two] = [await make(name), await make(name)];
    await assert.rejects(
      getContainer({ name, backend: "docker" }),
      failure(new RegExp(`^2 containers named "${name}" are alive at docker:.*: (${one}, ${two}|${two}, ${one})\\. `)),
    );
    await backend.delete(one);
    await client.getContainer(two).kill();
    await stopped(client, two);
    const { id, status, lastActiveAt } = await getContainer({ name, backend: "docker" });
    assert.deepEqual([id, status, lastActiveAt], [two, "stopped", undefined]);
  });

  it("take no other container of the engine, nor the engine's own id, for one", async () => {
    const id = await make(`${prefix}-own`);
    const { Id } = await client.getContainer(id).inspect();
    const stranger = await client.createContainer({ Image: image });
    try {
      for (const wrong of [Id, Id.slice(0, 12), stranger.id]) {
        const says = failure(new RegExp(`^There is no container ${wrong} at docker:`));
        await assert.rejects(getContainer({ id: wrong, backend: "docker" }), says);
      }
    } finally {
      await stranger.remove({ force: true });
    }
  });

  it("work in a plain script, which ends when they are done", async () => {
    const id = await make(`${prefix}-script`);
    const { code, out, err } = await node(
      `const { getContainer, getContainers } = require("pulumi-openai-containers");
       Promise.all([getContainer({ id: "${id}", backend: "docker" }), getContainers({ name: "${prefix}-script" })])${tell}`,
      { PULUMI_CONFIG: JSON.stringify({ "openai-containers:backend": "docker" }) },
    );
    assert.deepEqual([code, err], [0, ""]);
    const { told, livesOn } = JSON.parse(out);
    assert.deepEqual([told[0].id, told[1].containers.length], [id, 1]);
    assert.ok(livesOn < 300, `lived on for ${livesOn} ms`);
  });
});
