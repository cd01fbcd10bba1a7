import assert from "node:assert/strict";
import type OpenAI from "openai";
import { ManualClock, startEmulator } from "../../sdk/emulator";
import {
  assertRejected,
  client,
  clock,
  send,
  startSeconds,
  startWithClient,
  stopEmulator,
  unknownId,
} from "../support/emulator-client";
import { processorTime } from "../support/processor-time";

describe("the emulator", () => {
  afterEach(stopEmulator);

  it("creates a container with the API's defaults, and reports the same in retrieve and list", async () => {
    const { containers } = await startWithClient();
    const { id, ...reported } = await containers.create({ name: "plain" });
    assert.match(id, /^cntr_[0-9a-f]{48}$/);
    assert.deepEqual(reported, {
      object: "container",
      name: "plain",
      created_at: startSeconds,
      status: "running",
      last_active_at: startSeconds,
      expires_after: { anchor: "last_active_at", minutes: 20 },
      memory_limit: "1g",
      network_policy: { type: "disabled" },
    });
    assert.deepEqual(await containers.retrieve(id), { id, ...reported });
    assert.deepEqual((await containers.list()).data, [{ id, ...reported }]);
  });

  it("reports the requested settings, but no secrets, skills or file ids", async () => {
    const { emulator, containers } = await startWithClient();
    const policy = { type: "allowlist" as const, allowed_domains: ["a.example.com"] };
    const body: OpenAI.ContainerCreateParams = {
      name: "full",
      memory_limit: "16g",
      expires_after: { anchor: "last_active_at", minutes: 5 },
      file_ids: [emulator.addFile({ name: "a.csv", content: "1,2" })],
      skills: [{ type: "skill_reference", skill_id: "openai-spreadsheets", version: "latest" }],
      network_policy: { ...policy, domain_secrets: [{ domain: "a.example.com", name: "KEY", value: "s3cret" }] },
    };
    const { id, ...reported } = await containers.create(body);
    assert.deepEqual(reported, {
      object: "container",
      name: "full",
      created_at: startSeconds,
      status: "running",
      last_active_at: startSeconds,
      expires_after: { anchor: "last_active_at", minutes: 5 },
      memory_limit: "16g",
      network_policy: policy,
    });
    assert.deepEqual(emulator.bodyOf(id), body);
    assert.deepEqual(emulator.containers(), [{ id, ...reported }]);
  });

  it("pages through a list for the official client", async () => {
    const { emulator, containers } = await startWithClient();
    const ids = emulator.seed(
      Array.from({ length: 45 }, (_, index) => ({ name: `n${index}`, created_at: startSeconds - index })),
    );
    const first = await containers.list({ limit: 20 });
    assert.deepEqual([first.data.length, first.has_more], [20, true]);
    const seen: string[] = [];
    for await (const { id } of containers.list({ limit: 20 })) seen.push(id);
    assert.deepEqual(seen, ids);
    assert.equal((await containers.list({ name: "n7" })).data[0]?.id, ids[7]);
  });

  it("reports first_id and last_id of a page, and null for both of an empty page", async () => {
    const { emulator } = await startWithClient();
    const list = async () => JSON.parse((await send(emulator, "GET", "/v1/containers?limit=2")).text);
    assert.deepEqual(await list(), { object: "list", data: [], first_id: null, last_id: null, has_more: false });
    const [, second, third] = emulator.seed([{}, {}, {}]);
    const { data: _, ...page } = await list();
    assert.deepEqual(page, { object: "list", first_id: third, last_id: second, has_more: true });
  });

  it("deletes permanently", async () => {
    const { containers } = await startWithClient();
    const { id } = await containers.create({ name: "a" });
    assert.deepEqual(await containers.delete(id), { id, object: "container.deleted", deleted: true });
    const body = { message: `Container with id '${id}' not found.` };
    await assertRejected(containers.delete(id), 404, body);
    await assertRejected(containers.retrieve(id), 404, body);
    assert.deepEqual((await containers.list()).data, []);
  });

  it("counts retrieving as activity, but not listing", async () => {
    const { containers } = await startWithClient();
    const [kept, idle] = [await containers.create({ name: "kept" }), await containers.create({ name: "idle" })];
    clock.advance(19 * 60_000);
    assert.equal((await containers.retrieve(kept.id)).last_active_at, startSeconds + 19 * 60);
    await containers.list();
    clock.advance(60_000);
    const statuses = (await containers.list()).data.map(({ name, status }) => [name, status]);
    assert.deepEqual(statuses, [
      ["idle", "expired"],
      ["kept", "running"],
    ]);
    assert.equal((await containers.retrieve(idle.id)).status, "expired");
    assert.equal((await containers.retrieve(idle.id)).last_active_at, startSeconds);
    await containers.delete(idle.id);
  });

  it("marks a container as active with touch, and expires it with expire", async () => {
    const { emulator, containers } = await startWithClient();
    const [active = "", expired = ""] = emulator.seed([{ name: "active" }, { name: "expired" }]);
    emulator.expire(expired);
    assert.equal((await containers.retrieve(expired)).status, "expired");
    clock.advance(15 * 60_000);
    emulator.touch(active);
    clock.advance(15 * 60_000);
    assert.equal((await containers.retrieve(active)).status, "running");
    assert.throws(() => emulator.touch(expired), /expired/);
    assert.throws(() => emulator.touch(unknownId), /no container/);
    assert.throws(() => emulator.expire(unknownId), /no container/);
  });

  it("reports the project of an API key, and keeps projects apart", async () => {
    const emulator = await startEmulator({ projects: { one: "proj_1" } });
    const list = (authorization: string) => fetch(`${emulator.baseUrl}/containers`, { headers: { authorization } });
    assert.equal((await list("Bearer one")).headers.get("openai-project"), "proj_1");
    assert.equal((await list("Bearer two")).headers.get("openai-project"), null);
    assert.deepEqual(
      emulator.requests.map(({ account }) => account),
      ["-/proj_1", "-/-"],
    );
    await emulator.stop();
  });

  it("sends the time of its own clock in the Date header", async () => {
    const clock = new ManualClock(Date.UTC(2030, 0, 1));
    const emulator = await startEmulator({ clock });
    const { headers } = await fetch(`${emulator.baseUrl}/containers`, { headers: { authorization: "Bearer any" } });
    assert.equal(headers.get("date"), "Tue, 01 Jan 2030 00:00:00 GMT");
    await emulator.stop();
  });

  it("lists new and deleted containers with the given lag", async () => {
    const { containers } = await startWithClient({ listLagSeconds: 2 });
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
    const { emulator, containers } = await startWithClient({}, { organization: "org-a", project: "proj-a" });
    const { id } = await containers.create({ name: "a" });
    assert.deepEqual(
      emulator.containers("org-a/proj-a").map(({ name }) => name),
      ["a"],
    );
    for (const other of [{}, { organization: "org-a" }, { organization: "org-b", project: "proj-a" }]) {
      const otherClient = client(emulator, other).containers;
      const message = `Container with id '${id}' not found.`;
      await assertRejected(otherClient.retrieve(id), 404, { message });
      await assertRejected(otherClient.delete(id), 404, { message });
      assert.deepEqual((await otherClient.list()).data, []);
      await assertRejected(otherClient.list({ after: id }), 400, {
        message: `Invalid 'after': no container with id '${id}'.`,
        param: "after",
        code: "invalid_value",
      });
    }
    assert.equal(emulator.requests[0]?.account, "org-a/proj-a");
  });

  it("lists a page of 120,000 containers as fast as one of 6,000", async () => {
    /** The processor time of 50 pages. */
    const pagesOf = async (count: number) => {
      const { emulator, containers } = await startWithClient();
      const ids = emulator.seed(Array.from({ length: count }, () => ({})));
      const took = await processorTime(async () => {
        for (let page = 1; page <= 50; page += 1) {
          const at = (page * count) / 60;
          const { data } = await containers.list({ limit: 100, after: ids[at] ?? "" });
          assert.equal(data.at(0)?.id, ids[at - 1]);
        }
      });
      await stopEmulator();
      return took;
    };
    await pagesOf(6_000); // in which the code is compiled
    const [few, many] = [await pagesOf(6_000), await pagesOf(120_000)];
    assert.ok(many < 2.5 * few, `${few} ms, ${many} ms`);
  });
});
