import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { type Backend, BackendError, type Known } from "../../provider/backends/backend";
import type { Observed } from "../../provider/model/record";
import { type Changes, contractPlaces } from "../support/contract-places";
import { autoNamed, named } from "../support/create-context";
import { silent } from "../support/silent";

/** Every backend passes the same cases. */
for (const place of contractPlaces()) {
  describe(`the Backend contract on ${place.name}`, () => {
    const prefix = `t${randomBytes(4).toString("hex")}`;
    let backend: Backend;
    const made: string[] = [];

    async function create(changes: Changes = {}, name = `${prefix}-${made.length}`, on = backend): Promise<Observed> {
      const observed = await on.create(place.args(name, changes), silent, named);
      made.push(observed.id);
      return observed;
    }

    const observe = ({ id, name, createdAt }: Known & { id: string }, on = backend) =>
      on.observe(id, { name, createdAt }, silent);

    before(async () => {
      backend = await place.open();
    });
    after(async () => {
      for (const id of made) await backend.delete(id, {}, silent);
      await place.end(prefix);
    });

    it("create reports the container as requested", async () => {
      const began = Math.floor(Date.now() / 1000);
      const changes = { memoryLimit: "4g", expiresAfter: { anchor: "last_active_at", minutes: 7 } } as const;
      const { id, createdAt, imageId: _, project: __, ...reported } = await create(changes, `${prefix}-requested`);
      assert.match(id, /^cntr_[0-9a-f]{48}$/);
      assert.ok(
        createdAt >= began - 1 && createdAt <= Date.now() / 1000 + 1,
        `created at ${createdAt}, began ${began}`,
      );
      const { backend: ___, ...requested } = place.args(`${prefix}-requested`, changes);
      assert.deepEqual(reported, { ...requested, status: "running" });
    });

    it("observe reports the same later, in another run too, and where only the id is known", async () => {
      const created = await create();
      assert.deepEqual(await observe(created), created);
      assert.deepEqual(await observe(created, await place.open()), created);
      assert.deepEqual(await observe({ id: created.id }), created);
    });

    it("observe reports each of many containers that are read at the same time", async () => {
      const all = await Promise.all([1, 2, 3].map((at) => create({}, `${prefix}-many-${at}`)));
      const run = await place.open();
      assert.deepEqual(await Promise.all(all.map((one) => observe(one, run))), all);
    });

    it("create accepts one name twice, for two containers", async () => {
      const name = `${prefix}-twice`;
      const [one, two] = await Promise.all([create({}, name), create({}, name)]);
      assert.notEqual(one.id, two.id);
      assert.deepEqual([one.name, two.name], [name, name]);
    });

    it("create keeps any name as it is", async () => {
      const name = `${prefix} "Ünïcode" %2F ?&=#/..`;
      const { id } = await create({}, name);
      assert.equal((await observe({ id }))?.name, name);
    });

    it("observe returns undefined for a container that never existed", async () => {
      const createdAt = Math.floor(Date.now() / 1000);
      for (const known of [{}, { name: "never", createdAt }]) {
        assert.equal(await observe({ id: `cntr_${"0".repeat(48)}`, ...known }), undefined);
      }
    });

    it("create fails with the reason, and leaves no container", async () => {
      const { changes, says } = place.refused;
      await assert.rejects(create(changes), (error) => error instanceof BackendError && says.test(error.message));
    });

    it("delete removes a container, and accepts one that is gone", async () => {
      const created = await create();
      await backend.delete(created.id, {}, silent);
      assert.equal(await observe(created), undefined);
      await backend.delete(created.id, {}, silent);
      assert.equal(await observe(created, await place.open()), undefined);
    });

    it("delete accepts two calls for one container at the same time", async () => {
      const created = await create();
      await Promise.all([backend.delete(created.id, {}, silent), backend.delete(created.id, {}, silent)]);
      await backend.delete(created.id, {}, silent);
      assert.equal(await observe(created), undefined);
    });

    it("removePending removes the container of an interrupted create by its announced id", async () => {
      const ids: string[] = [];
      const making = { ...autoNamed, announce: (id: string) => ids.push(id) };
      const time = Date.now();
      const { id, name } = await backend.create(place.args(`${prefix}-cut`), silent, making);
      assert.deepEqual(ids, [id]);
      const next = await place.open();
      for (const began of [time, 0]) {
        assert.deepEqual(await next.removePending({ id, name, nameIsDrawn: true, time: began }, silent), []);
        assert.equal(await observe({ id }, next), undefined);
      }
    });

    it("repair leaves a running container as it is", async () => {
      const created = await create();
      assert.deepEqual(await backend.repair(created.id, created, silent), created);
    });

    it("observe reports an expired container as such, and delete removes it", async () => {
      const created = await create({ expiresAfter: { anchor: "last_active_at", minutes: 1 } });
      await place.beIdle(created.id);
      assert.equal((await observe(created, await place.open()))?.status, "expired");
      await backend.delete(created.id, {}, silent);
      assert.equal(await observe(created, await place.open()), undefined);
    });
  });
}
