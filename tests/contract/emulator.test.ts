import assert from "node:assert/strict";
import type OpenAI from "openai";
import { ManualClock, startEmulator } from "../../sdk/emulator";
import { begin, client, clock, end, raw, refuses, start, unknownId } from "../support/emulated";

describe("the emulator", () => {
  afterEach(end);

  it("makes a container with the API's defaults, and tells the same of it later", async () => {
    const { containers } = await begin();
    const { id, ...told } = await containers.create({ name: "plain" });
    assert.match(id, /^cntr_[0-9a-f]{48}$/);
    assert.deepEqual(told, {
      object: "container",
      name: "plain",
      created_at: start,
      status: "running",
      last_active_at: start,
      expires_after: { anchor: "last_active_at", minutes: 20 },
      memory_limit: "1g",
      network_policy: { type: "disabled" },
    });
    assert.deepEqual(await containers.retrieve(id), { id, ...told });
    assert.deepEqual((await containers.list()).data, [{ id, ...told }]);
  });

  it("tells what was asked for, but no secrets, skills or file ids", async () => {
    const { emulator, containers } = await begin();
    const policy = { type: "allowlist" as const, allowed_domains: ["a.example"] };
    const body: OpenAI.ContainerCreateParams = {
      name: "full",
      memory_limit: "16g",
      expires_after: { anchor: "last_active_at", minutes: 5 },
      file_ids: ["file-1"],
      skills: [{ type: "skill_reference", skill_id: "skill_1", version: "latest" }],
      network_policy: { ...policy, domain_secrets: [{ domain: "a.example", name: "KEY", value: "s3cret" }] },
    };
    const { id, ...told } = await containers.create(body);
    assert.deepEqual(told, {
      object: "container",
      name: "full",
      created_at: start,
      status: "running",
      last_active_at: start,
      expires_after: { anchor: "last_active_at", minutes: 5 },
      memory_limit: "16g",
      network_policy: policy,
    });
    assert.deepEqual(emulator.bodyOf(id), body);
    assert.deepEqual(emulator.containers(), [{ id, ...told }]);
  });

  it("pages through a list as the client asks", async () => {
    const { emulator, containers } = await begin();
    const ids = emulator.seed(
      Array.from({ length: 45 }, (_, index) => ({ name: `n${index}`, created_at: start - index })),
    );
    const first = await containers.list({ limit: 20 });
    assert.deepEqual([first.data.length, first.has_more], [20, true]);
    const seen: string[] = [];
    for await (const { id } of containers.list({ limit: 20 })) seen.push(id);
    assert.deepEqual(seen, ids);
    assert.equal((await containers.list({ name: "n7" })).data[0]?.id, ids[7]);
  });

  it("names the ends of a page, and none of an empty one", async () => {
    const { emulator } = await begin();
    const list = async () => JSON.parse((await raw(emulator, "GET", "/v1/containers?limit=2")).text);
    assert.deepEqual(await list(), { object: "list", data: [], first_id: null, last_id: null, has_more: false });
    const [, second, third] = emulator.seed([{}, {}, {}]);
    const { data: _, ...page } = await list();
    assert.deepEqual(page, { object: "list", first_id: third, last_id: second, has_more: true });
  });

  it("deletes for good", async () => {
    const { containers } = await begin();
    const { id } = await containers.create({ name: "a" });
    assert.deepEqual(await containers.delete(id), { id, object: "container.deleted", deleted: true });
    const body = { message: `Container with id '${id}' not found.` };
    await refuses(containers.delete(id), 404, body);
    await refuses(containers.retrieve(id), 404, body);
    assert.deepEqual((await containers.list()).data, []);
  });

  it("prolongs a life by retrieving, not by listing", async () => {
    const { containers } = await begin();
    const [kept, lost] = [await containers.create({ name: "kept" }), await containers.create({ name: "lost" })];
    clock.advance(19 * 60_000);
    assert.equal((await containers.retrieve(kept.id)).last_active_at, start + 19 * 60);
    await containers.list();
    clock.advance(60_000);
    const told = (await containers.list()).data.map(({ name, status }) => [name, status]);
    assert.deepEqual(told, [
      ["lost", "expired"],
      ["kept", "running"],
    ]);
    assert.equal((await containers.retrieve(lost.id)).status, "expired");
    assert.equal((await containers.retrieve(lost.id)).last_active_at, start);
    await containers.delete(lost.id);
  });

  it("can be told that a container was used, or is over", async () => {
    const { emulator, containers } = await begin();
    const [used = "", over = ""] = emulator.seed([{ name: "used" }, { name: "over" }]);
    emulator.expire(over);
    assert.equal((await containers.retrieve(over)).status, "expired");
    clock.advance(15 * 60_000);
    emulator.touch(used);
    clock.advance(15 * 60_000);
    assert.equal((await containers.retrieve(used)).status, "running");
    assert.throws(() => emulator.touch(over), /expired/);
    assert.throws(() => emulator.touch(unknownId), /no container/);
    assert.throws(() => emulator.expire(unknownId), /no container/);
  });

  it("tells the project of a key, and keeps projects apart", async () => {
    const emulator = await startEmulator({ projects: { one: "proj_1" } });
    const ask = (authorization: string) => fetch(`${emulator.baseUrl}/containers`, { headers: { authorization } });
    assert.equal((await ask("Bearer one")).headers.get("openai-project"), "proj_1");
    assert.equal((await ask("Bearer two")).headers.get("openai-project"), null);
    assert.deepEqual(
      emulator.requests.map(({ account }) => account),
      ["-/proj_1", "-/-"],
    );
    await emulator.stop();
  });

  it("tells the time by its own clock", async () => {
    const clock = new ManualClock(Date.UTC(2030, 0, 1));
    const emulator = await startEmulator({ clock });
    const { headers } = await fetch(`${emulator.baseUrl}/containers`, { headers: { authorization: "Bearer any" } });
    assert.equal(headers.get("date"), "Tue, 01 Jan 2030 00:00:00 GMT");
    await emulator.stop();
  });

  it("lets lists lag behind", async () => {
    const { containers } = await begin({ listLagSeconds: 2 });
    const { id } = await containers.create({ name: "late" });
    assert.deepEqual((await containers.list()).data, []);
    clock.advance(2000);
    assert.equal((await containers.list()).data.length, 1);
    await containers.delete(id);
    assert.equal((await containers.list()).data.length, 1);
    clock.advance(2000);
    assert.deepEqual((await containers.list()).data, []);
  });

  it("keeps accounts apart", async () => {
    const { emulator, containers } = await begin({}, { organization: "org-a", project: "proj-a" });
    const { id } = await containers.create({ name: "a" });
    assert.deepEqual(
      emulator.containers("org-a/proj-a").map(({ name }) => name),
      ["a"],
    );
    for (const other of [{}, { organization: "org-a" }, { organization: "org-b", project: "proj-a" }]) {
      const stranger = client(emulator, other).containers;
      const message = `Container with id '${id}' not found.`;
      await refuses(stranger.retrieve(id), 404, { message });
      await refuses(stranger.delete(id), 404, { message });
      assert.deepEqual((await stranger.list()).data, []);
      await refuses(stranger.list({ after: id }), 400, {
        message: `Invalid 'after': no container with id '${id}'.`,
        param: "after",
        code: "invalid_value",
      });
    }
    assert.equal(emulator.requests[0]?.account, "org-a/proj-a");
  });

  it("answers a page of 120,000 containers at once", async () => {
    const { emulator, containers } = await begin();
    const ids = emulator.seed(Array.from({ length: 120_000 }, () => ({})));
    const began = performance.now();
    for (let page = 1; page <= 50; page += 1) {
      const { data } = await containers.list({ limit: 100, after: ids[page * 2000] ?? "" });
      assert.equal(data.at(0)?.id, ids[page * 2000 - 1]);
    }
    const took = performance.now() - began;
    assert.ok(took < 2000, `50 pages took ${took} ms`);
  });
});
