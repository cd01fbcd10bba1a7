import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { Activity, Backend } from "../../provider/backends/backend";
import type { Observed } from "../../provider/model/record";
import { type Changes, contractPlaces } from "../support/contract-places";
import { named } from "../support/create-context";
import { silent } from "../support/silent";

const brief = { expiresAfter: { anchor: "last_active_at", minutes: 1 } } as const;

/** The methods that only read, with the same results on every backend. */
for (const place of contractPlaces()) {
  describe(`the Backend contract for reads on ${place.name}`, () => {
    const prefix = `t${randomBytes(4).toString("hex")}`;
    let backend: Backend;
    const made: string[] = [];

    async function create(changes: Changes = {}, name = `${prefix}-${made.length}`): Promise<Observed> {
      const observed = await backend.create(place.args(name, changes), silent, named);
      made.push(observed.id);
      return observed;
    }

    /** Read by a new backend, as at the start of a run of Pulumi. */
    const statusOf = async (one: Observed) => (await place.open()).status(one.id, one, silent);
    const activityOf = async (one: Observed) => (await place.open()).activity(one.id, one, silent);
    const listOf = async (name?: string) => (await place.open()).list(name, silent);
    const knownActivityOf = async (one: Observed): Promise<Activity> =>
      (await activityOf(one)) ?? assert.fail("it is gone");

    function assertNear(reported: number | undefined, expected: number, lateness = place.lateness): void {
      const isNear = reported !== undefined && reported >= expected - 1.5 && reported <= expected + lateness;
      assert.ok(isNear, `${reported} where about ${expected} was expected`);
    }

    before(async () => {
      backend = await place.open();
    });
    after(async () => {
      for (const id of made) await backend.delete(id, {}, silent);
      await place.end(prefix);
    });

    describe("status", () => {
      it("reports a running container, in this run and in another, by its id alone or with more known properties", async () => {
        const one = await create();
        assert.equal(await statusOf(one), "running");
        assert.equal(await backend.status(one.id, {}, silent), "running");
        assert.equal(await backend.status(one.id, one, silent), "running");
      });

      it("reports a container that was created since the run's first read", async () => {
        const run = await place.open();
        const one = await create();
        assert.equal(await run.status(one.id, one, silent), "running");
        const another = await create();
        assert.equal(await run.status(another.id, another, silent), "running");
      });

      it("reports each of many containers that are read at the same time", async () => {
        const all = await Promise.all([1, 2, 3].map(() => create()));
        const run = await place.open();
        const statuses = await Promise.all(all.map((one) => run.status(one.id, one, silent)));
        assert.deepEqual(statuses, ["running", "running", "running"]);
      });

      it("is undefined for a container that never existed, and for a deleted one, in this run and in another", async () => {
        const never = `cntr_${"0".repeat(48)}`;
        assert.equal(await backend.status(never, {}, silent), undefined);
        const one = await create();
        const run = await place.open();
        assert.equal(await run.status(one.id, one, silent), "running");
        await run.delete(one.id, one, silent);
        assert.equal(await run.status(one.id, one, silent), undefined);
        assert.equal(await statusOf(one), undefined);
      });

      const { stop } = place;
      if (stop) {
        it("reports a stopped container, and one that this run has repaired", async () => {
          const one = await create();
          await stop(one.id);
          const run = await place.open();
          const status = (await run.status(one.id, one, silent)) ?? "gone";
          assert.ok(run.repairable.has(status), status);
          await run.repair(one.id, one, silent);
          assert.equal(await run.status(one.id, one, silent), "running");
          assert.equal(await statusOf(one), "running");
        });
      } else {
        it("has no repairable value", () => assert.equal(backend.repairable.size, 0));
      }
    });

    describe("activity", () => {
      it("is the creation of a new container, by the backend's own clock", async () => {
        const one = await create();
        const { lastActiveAt, expiredAt, reportedAt } = await knownActivityOf(one);
        assertNear(lastActiveAt, one.createdAt);
        assert.equal(expiredAt, undefined);
        assertNear(reportedAt, place.now());
      });

      it("changes with use only", async () => {
        const one = await create({ expiresAfter: { anchor: "last_active_at", minutes: 2 } });
        await place.pass(place.lateness + 2); // more than what is forgiven
        const unused = await knownActivityOf(one);
        assertNear(unused.lastActiveAt, one.createdAt);
        assert.equal(unused.lastActiveAt, unused.startedAt ?? one.createdAt);
        await place.use(one.id);
        const usedAt = place.now();
        await place.pass(place.lateness); // in which it is noticed
        const { lastActiveAt = 0, startedAt = one.createdAt, reportedAt } = await knownActivityOf(one);
        assertNear(lastActiveAt, usedAt);
        assert.ok(lastActiveAt > startedAt);
        assertNear(reportedAt, place.now());
      });

      it("is undefined for a container that never existed, and for a deleted one", async () => {
        assert.equal(await backend.activity(`cntr_${"0".repeat(48)}`, {}, silent), undefined);
        const one = await create();
        await backend.delete(one.id, one, silent);
        assert.equal(await backend.activity(one.id, one, silent), undefined);
        assert.equal(await activityOf(one), undefined);
      });
    });

    describe("list", () => {
      it("has all containers, newest first", async () => {
        const all: Observed[] = [];
        for (let count = 0; count < 3; count += 1) {
          all.push(await create());
          await place.pass(1); // engines list whole seconds
        }
        const listed = (await listOf()).map(({ id }) => id).filter((id) => all.some((one) => one.id === id));
        assert.deepEqual(listed, all.map(({ id }) => id).reverse());
      });

      it("has only the containers of a given name, as observe and activity report them, and no deleted ones", async () => {
        const name = `${prefix} "Ünïcode" %2F ?&=#/..`;
        const [one, another, gone] = [await create({}, name), await create({}, name), await create({}, name)];
        await create({}, `${name}.`);
        await backend.delete(gone.id, gone, silent);
        const listed = await listOf(name);
        assert.deepEqual(listed.map(({ id }) => id).sort(), [one.id, another.id].sort());
        const { lastActiveAt, startedAt, expiredAt, reportedAt, ...observed } =
          listed.find(({ id }) => id === one.id) ?? assert.fail();
        assert.deepEqual(observed, one);
        assertNear(lastActiveAt, one.createdAt);
        assert.equal(startedAt ?? lastActiveAt, lastActiveAt);
        assert.equal(expiredAt, undefined);
        assertNear(reportedAt, place.now());
        assert.deepEqual(await listOf(`${prefix}-none`), []);
      });
    });

    it("reports an expired container and the time of its expiry in each method", async () => {
      const one = await create(brief);
      await place.beIdle(one.id);
      assert.equal(await statusOf(one), "expired");
      assert.equal((await (await place.open()).observe(one.id, one, silent))?.status, "expired");
      const activity = await knownActivityOf(one);
      assertNear(activity.lastActiveAt, one.createdAt);
      assert.equal(activity.expiredAt, (activity.lastActiveAt ?? 0) + place.minute);
      assertNear(activity.reportedAt, place.now());
      const [listed = assert.fail(), ...others] = await listOf(one.name);
      assert.deepEqual(others, []);
      const { id, status, lastActiveAt, expiredAt } = listed;
      assert.deepEqual({ id, status, lastActiveAt, expiredAt }, { id: one.id, status: "expired", ...of(activity) });
    });

    it("prolongs no container's life, however often it is read", async () => {
      const one = await create(brief);
      const ends = place.now() + place.minute;
      while (place.now() < ends - 1) {
        const run = await place.open();
        for (const known of [one, {}]) {
          const status = await run.status(one.id, known, silent);
          assert.equal((await run.observe(one.id, known, silent))?.status, status);
          await run.activity(one.id, known, silent);
        }
        await run.list(one.name, silent);
        await place.pass(place.minute / 10);
      }
      await place.beIdle(one.id);
      assert.equal(await statusOf(one), "expired");
      assertNear((await knownActivityOf(one)).lastActiveAt, one.createdAt);
    });
  });
}

function of({ lastActiveAt, expiredAt }: Activity): Omit<Activity, "reportedAt"> {
  return { ...(lastActiveAt !== undefined && { lastActiveAt }), ...(expiredAt !== undefined && { expiredAt }) };
}
