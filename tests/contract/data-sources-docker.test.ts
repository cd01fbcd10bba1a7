import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { getContainer, getContainers } from "../../sdk";
import { named } from "../support/create-context";
import { failure } from "../support/data-source-failure";
import { assertNothingLeft, containersNamed, engine, image, inside, sandboxArgs, stopped } from "../support/docker";
import { node, printing } from "../support/script";
import { silent } from "../support/silent";

describe("data sources on a Docker engine", () => {
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

  const create = async (name: string) =>
    (await backend.create(sandboxArgs(name, { expiresAfter: { anchor: "last_active_at", minutes: 1 } }), silent, named))
      .id;

  it("return all that the engine reports, by id, by name and in the list", async () => {
    const id = await create(`${prefix}-full`);
    const { Created, Image, State } = await client.getContainer(id).inspect();
    const { lastActiveAt, ...reported } = await getContainer({ id, backend: "docker" });
    const createdAt = Math.floor(Date.parse(Created) / 1000);
    assert.deepEqual(reported, {
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
    assert.equal(lastActiveAt, Math.floor(Date.parse(State.StartedAt) / 1000));
    assert.equal((await getContainer({ name: `${prefix}-full`, backend: "docker" })).id, id);
    const { containers } = await getContainers({ name: `${prefix}-full`, backend: "docker" });
    assert.deepEqual(
      containers.map((container) => container.id),
      [id],
    );
  });

  it("return the time of a container's last use, and a read does not count as use", async () => {
    const id = await create(`${prefix}-used`);
    const used = async () => (await getContainer({ id, backend: "docker" })).lastActiveAt ?? Number.NaN;
    const started = Math.floor(Date.parse((await client.getContainer(id).inspect()).State.StartedAt) / 1000);
    await sleep(2_000); // a use would have another second
    const { containers } = await getContainers({ name: `${prefix}-used`, backend: "docker" });
    assert.deepEqual([await used(), containers[0]?.lastActiveAt, await used()], [started, started, started]);
    const began = Math.floor(Date.now() / 1000);
    await inside(client, id, "true");
    await sleep(6_000); // the watchdog samples every five seconds
    assert.ok((await used()) >= began - 1);
  });

  it("find the only unexpired container of a name, stopped or not, and list the ids of several", async () => {
    const name = `${prefix}-twin`;
    const [one, two] = [await create(name), await create(name)];
    await assert.rejects(
      getContainer({ name, backend: "docker" }),
      failure(
        new RegExp(
          `^OC4011: There are 2 unexpired containers named "${name}" at \\w+:.*: (${one}, ${two}|${two}, ${one})\\. `,
        ),
      ),
    );
    await backend.delete(one);
    await client.getContainer(two).kill();
    await stopped(client, two);
    const { id, status, lastActiveAt } = await getContainer({ name, backend: "docker" });
    assert.deepEqual([id, status, lastActiveAt], [two, "stopped", undefined]);
  });

  it("find no other containers of the engine, and none by the engine's own id", async () => {
    const id = await create(`${prefix}-own`);
    const { Id } = await client.getContainer(id).inspect();
    const foreign = await client.createContainer({ Image: image });
    try {
      for (const wrong of [Id, Id.slice(0, 12), foreign.id]) {
        const noContainer = failure(new RegExp(`^OC2011: There is no container ${wrong} at \\w+:`));
        await assert.rejects(getContainer({ id: wrong, backend: "docker" }), noContainer);
      }
    } finally {
      await foreign.remove({ force: true });
    }
  });

  it("work in a plain script, which ends after them", async () => {
    const id = await create(`${prefix}-script`);
    const { code, out, err } = await node(
      `const { getContainer, getContainers } = require("pulumi-openai-containers");
       Promise.all([getContainer({ id: "${id}", backend: "docker" }), getContainers({ name: "${prefix}-script" })])${printing}`,
      { PULUMI_CONFIG: JSON.stringify({ "openai-containers:backend": "docker" }) },
    );
    assert.deepEqual([code, err], [0, ""]);
    const { found, timers, livesOn } = JSON.parse(out);
    assert.deepEqual([found[0].id, found[1].containers.length], [id, 1]);
    assert.deepEqual(timers, []);
    assert.ok(livesOn < 3_000, `lived on for ${livesOn} ms`); // kept connections end after four seconds
  });
});
