import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { Backend } from "../../provider/backends/backend";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import type { Container } from "../../provider/model/container";
import { assertNothingLeft, engine, sandboxArgs } from "../support/docker";
import { silent } from "../support/silent";

interface Place {
  name: string;
  open(): Promise<Backend>;
  assertNothingLeft(prefix: string): Promise<void>;
}

/** Every backend passes the same cases; each that is added joins this list. */
const places: Place[] = [
  {
    name: "docker",
    open: async () => new DockerBackend(await engine()),
    assertNothingLeft: async (prefix) => assertNothingLeft((await engine()).client, prefix),
  },
];

for (const place of places) {
  describe(`contract of a backend: ${place.name}`, () => {
    const prefix = `t${randomBytes(4).toString("hex")}`;
    let backend: Backend;
    const made: string[] = [];

    async function create(changes: Partial<Container> = {}, name = `${prefix}-${made.length}`) {
      const observed = await backend.create(sandboxArgs(name, changes), silent);
      made.push(observed.id);
      return observed;
    }

    before(async () => {
      backend = await place.open();
    });
    after(async () => {
      for (const id of made) await backend.delete(id);
      await place.assertNothingLeft(prefix);
    });

    it("tells of a new container what was asked for", async () => {
      const began = Math.floor(Date.now() / 1000);
      const expiresAfter = { anchor: "last_active_at", minutes: 7 } as const;
      const { id, createdAt, imageId, ...told } = await create({ memoryLimit: "4g", expiresAfter }, `${prefix}-asked`);
      assert.match(id, /^cntr_[0-9a-f]{48}$/);
      assert.ok(
        createdAt >= began - 1 && createdAt <= Date.now() / 1000 + 1,
        `created at ${createdAt}, began ${began}`,
      );
      assert.match(imageId ?? "", /^sha256:/);
      const { backend: _, ...asked } = sandboxArgs(`${prefix}-asked`, { memoryLimit: "4g", expiresAfter });
      assert.deepEqual(told, { ...asked, status: "running" });
    });

    it("tells the same of it later", async () => {
      const created = await create();
      assert.deepEqual(await backend.observe(created.id), created);
    });

    it("takes one name twice, for two containers", async () => {
      const name = `${prefix}-twice`;
      const [one, two] = await Promise.all([create({}, name), create({}, name)]);
      assert.notEqual(one.id, two.id);
      assert.deepEqual([one.name, two.name], [name, name]);
    });

    it("knows nothing of a container that never was", async () => {
      assert.equal(await backend.observe(`cntr_${"0".repeat(48)}`), undefined);
    });

    it("deletes a container, and again without complaint", async () => {
      const { id } = await create();
      await backend.delete(id);
      assert.equal(await backend.observe(id), undefined);
      await backend.delete(id);
    });

    it("takes two deletes of one container at the same time", async () => {
      const { id } = await create();
      await Promise.all([backend.delete(id), backend.delete(id)]);
      await backend.delete(id);
      assert.equal(await backend.observe(id), undefined);
    });

    it("leaves a running container as it is when asked to repair it", async () => {
      const created = await create();
      assert.deepEqual(await backend.repair(created.id), created);
    });
  });
}
