import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { getContainer, getContainerOutput, getContainers, getContainersOutput } from "../../sdk";
import { type ContainerResource, type Emulator, ManualClock, startEmulator } from "../../sdk/emulator";
import { named } from "../support/create-context";
import { failure } from "../support/data-source-failure";
import { hosted, hostedArgs, key } from "../support/hosted";
import { node, printing } from "../support/script";
import { silent } from "../support/silent";

const expired = 1_100; // ms after which data sources read anew

describe("data sources on the hosted API", () => {
  const before = ["OPENAI_API_KEY", "OPENAI_BASE_URL"].map((name) => [name, process.env[name]] as const);
  let clock: ManualClock;
  let emulator: Emulator;
  beforeEach(async () => {
    clock = new ManualClock();
    emulator = await startEmulator({ clock, requestsPerMinute: 1_000_000, projects: { [key]: "proj_1" } });
    Object.assign(process.env, { OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl });
  });
  afterEach(async () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await emulator.stop();
  });

  const account = "-/proj_1";
  const seconds = () => Math.floor(clock.now() / 1000);
  const seed = (...containers: Partial<ContainerResource>[]) => emulator.seed(containers, account);
  /** The requests, as `list` or `GET`. */
  const asked = () =>
    emulator.requests.map(({ method, path }) => (path === "/v1/containers" && method === "GET" ? "list" : method));

  it("return all that the API reports, and prolong no container's life", async () => {
    const [id = ""] = seed({
      name: "fetcher",
      created_at: seconds() - 600,
      last_active_at: seconds() - 300,
      memory_limit: "4g",
      network_policy: { type: "allowlist", allowed_domains: ["pypi.example.com"] },
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
      networkPolicy: { type: "allowlist", allowedDomains: ["pypi.example.com"] },
      expiresAfter: { anchor: "last_active_at", minutes: 15 },
      backend: "openai",
      location: `openai:${emulator.baseUrl}`,
      docker: undefined,
      imageId: undefined,
      project: "proj_1",
    } as const;
    assert.deepEqual(await getContainer({ id }), expected);
    assert.deepEqual(await getContainer({ name: "fetcher" }), expected);
    assert.deepEqual(await getContainers(), { containers: [expected] });
    assert.deepEqual(new Set(asked()), new Set(["list"]));
    assert.equal(emulator.containers(account)[0]?.last_active_at, seconds() - 300);
  });

  it("find expired containers by id and in the list, and not by name", async () => {
    const [id = "", young = ""] = seed(
      { name: "box", created_at: seconds() - 600 },
      { name: "young", created_at: seconds() },
    );
    emulator.expire(id);
    assert.equal((await getContainer({ id })).status, "expired");
    await assert.rejects(
      getContainer({ name: "box" }),
      failure(
        new RegExp(
          `^OC4010: There is no unexpired container named "box" at openai:${emulator.baseUrl}: ${id} of that name has exp`,
        ),
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

  it("fail for a name that several containers have, and list their ids", async () => {
    const [one, two] = seed({ name: "box" }, { name: "box" });
    await assert.rejects(
      getContainer({ name: "box" }),
      failure(
        new RegExp(`^OC4011: There are 2 unexpired containers named "box" at .*: (${one}, ${two}|${two}, ${one})\\. `),
      ),
    );
  });

  it("fail for an id that no container has", async () => {
    const none = `cntr_${"0".repeat(48)}`;
    await assert.rejects(
      getContainer({ id: none }),
      failure(new RegExp(`^OC2011: There is no container ${none} at openai:${emulator.baseUrl}\\. Correct the id`)),
    );
  });

  it("find a container that is in no list yet, with lastActiveAt undefined", async () => {
    await emulator.stop();
    emulator = await startEmulator({ clock, requestsPerMinute: 1_000_000, listLagSeconds: 60 });
    process.env["OPENAI_BASE_URL"] = emulator.baseUrl;
    const { id } = await (await hosted(emulator.baseUrl)).create(hostedArgs("new"), silent, named);
    const { status, lastActiveAt } = await getContainer({ id });
    assert.deepEqual([status, lastActiveAt], ["running", undefined]);
  });

  it("share one list within a second, and read another one after it", async () => {
    const ids = seed(...Array.from({ length: 50 }, (_, at) => ({ name: `box-${at}` })));
    const statuses = () => Promise.all(ids.map(async (id) => (await getContainer({ id })).status));
    assert.deepEqual(new Set(await statuses()), new Set(["running"]));
    assert.deepEqual(asked(), ["list"]);
    for (const id of ids) emulator.expire(id);
    await sleep(expired);
    assert.deepEqual(new Set(await statuses()), new Set(["expired"]));
    assert.deepEqual(asked(), ["list", "list"]);
  });

  it("use settings that change within that second", async () => {
    const other = await startEmulator();
    try {
      other.seed([{ name: "there" }]);
      assert.deepEqual((await getContainers()).containers, []);
      process.env["OPENAI_BASE_URL"] = other.baseUrl;
      assert.equal((await getContainer({ name: "there" })).location, `openai:${other.baseUrl}`);
    } finally {
      await other.stop();
    }
  });

  it("fail in one message for wrong arguments, a missing key and a wrong address", async () => {
    await assert.rejects(getContainer({}), failure(/^OC4008: /));
    await assert.rejects(
      getContainers({ name: "" }),
      failure(/^OC4009: getContainers got invalid arguments: args\.name: got an empty string/),
    );
    assert.deepEqual(asked(), []);
    const gone = await startEmulator();
    await gone.stop();
    process.env["OPENAI_BASE_URL"] = gone.baseUrl;
    await assert.rejects(getContainers(), failure(/^OC\d{4}: .*OPENAI_BASE_URL.*ECONNREF/));
    delete process.env["OPENAI_API_KEY"];
    await assert.rejects(getContainers(), failure(/^OC\d{4}: .*OPENAI_API_KEY/));
  });

  it("have variants with outputs", async () => {
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

  it("work in a plain script, which ends after them without other output", async () => {
    const [id] = seed({ name: "box" }, { name: "other" });
    // A pause that the API asks for is waited for without a message.
    emulator.fault({ method: "GET", answer: { status: 429, headers: { "retry-after": "3" } } });
    const { code, out, err } = await node(
      `const { getContainer, getContainers } = require("pulumi-openai-containers");
       Promise.all([getContainer({ id: "${id}" }), getContainer({ name: "box" }), getContainers()])${printing}`,
      {},
    );
    assert.deepEqual([code, err], [0, ""]);
    const { found, timers, livesOn } = JSON.parse(out);
    assert.deepEqual(found[0], found[1]);
    assert.deepEqual([found[0].id, found[2].containers.length], [id, 2]);
    assert.deepEqual(timers, []);
    assert.ok(livesOn < 3_000, `lived on for ${livesOn} ms`); // kept connections end after four seconds
  });

  it("cause no warning of Node where many calls wait for one request", async () => {
    seed({ name: "box" });
    emulator.fault({ method: "GET", answer: "cut", times: 20 });
    const { out, err } = await node(
      `const { getContainer } = require("pulumi-openai-containers");
       const reads = Array.from({ length: 20 }, () => getContainer({ name: "box" }));
       Promise.all(reads).then((found) => console.log(found.length));`,
      {},
    );
    assert.deepEqual([out, err], ["20\n", ""]);
  });

  it("print a backend's warning on stderr, with its code", async () => {
    const ids = seed(...Array.from({ length: 30 }, () => ({ name: "box" })));
    const page = { data: emulator.containers(account).slice(0, 20), has_more: true }; // whatever the cursor is
    emulator.fault({ path: "/v1/containers", times: 1_000, answer: { status: 200, body: page } });
    const { out, err } = await node(
      `require("pulumi-openai-containers").getContainers().then(({ containers }) => console.log(containers.length));`,
      {},
    );
    assert.deepEqual([out, ids.length], ["20\n", 30]);
    assert.match(err, /OC\d{4}: \w+ \w+/);
  });

  it("fail in a plain script with one message and no stack trace", async () => {
    const { code, err } = await node(`require("pulumi-openai-containers").getContainer({ name: "none" });`, {});
    assert.equal(code, 1);
    assert.match(err, /OC4010: There is no unexpired container named "none" at openai:/);
    assert.doesNotMatch(err, /\n\s+at /);
  });

  it("load the provider and the client of their backend, and nothing before the first call", async () => {
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
