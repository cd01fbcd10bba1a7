import assert from "node:assert/strict";
import { ManualClock } from "../../sdk/emulator";
import { ContainerStore } from "../../sdk/emulator/containers/container-store";
import { listQuery } from "../../sdk/emulator/containers/list-query";
import { resourceOf } from "../../sdk/emulator/containers/stored-container";
import { processorTime } from "../support/processor-time";

const account = "-/-";

/** A store and its clock, with pages as lists of names. */
class Fixture {
  readonly clock = new ManualClock(1_700_000_000_000);
  readonly store: ContainerStore;

  constructor(lagMs = 0) {
    this.store = new ContainerStore(lagMs);
  }

  create(name: string): string {
    const container = this.store.prepare(account, { name }, this.clock.now());
    this.store.add(container);
    return container.settings.id;
  }

  delete(id: string): void {
    this.store.delete(this.existing(id), this.clock.now());
  }

  status(id: string): string {
    return resourceOf(this.existing(id), this.clock.now()).status;
  }

  touch(id: string): void {
    this.store.touch(this.existing(id), this.clock.now());
  }

  page(query: string, after?: string): string {
    const cursor = after === undefined ? undefined : this.store.findIncludingDeleted(after);
    const { containers, hasMore } = this.store.page(account, listQuery(query), cursor, this.clock.now());
    return containers.map(({ settings }) => settings.name).join(" ") + (hasMore ? " …" : "");
  }

  private existing(id: string) {
    const container = this.store.find(account, id);
    assert.ok(container, id);
    return container;
  }
}

describe("the emulator's store", () => {
  it("lists newest or oldest first, containers of the same second in order of creation", () => {
    const fixture = new Fixture();
    for (const name of ["a", "b", "c"]) fixture.create(name);
    fixture.clock.advance(1000);
    fixture.create("d");
    assert.equal(fixture.page(""), "d c b a");
    assert.equal(fixture.page("order=asc"), "a b c d");
  });

  it("continues after a cursor in both orders, and reports whether there is more", () => {
    const fixture = new Fixture();
    const [a, , , d] = ["a", "b", "c", "d"].map((name) => fixture.create(name));
    assert.equal(fixture.page("limit=2"), "d c …");
    assert.equal(fixture.page("limit=2", d), "c b …");
    assert.equal(fixture.page("limit=3", d), "c b a");
    assert.equal(fixture.page("limit=2&order=asc", a), "b c …");
    assert.equal(fixture.page("", a), "");
    assert.equal(fixture.page("order=asc", d), "");
  });

  it("continues after a container that was deleted since", () => {
    const fixture = new Fixture();
    const [, b] = ["a", "b", "c"].map((name) => fixture.create(name));
    fixture.delete(b ?? "");
    assert.equal(fixture.page("", b), "a");
    assert.equal(fixture.page("order=asc", b), "c");
    assert.equal(fixture.page(""), "c a");
  });

  it("filters by the exact name, page by page", () => {
    const fixture = new Fixture();
    const ids = ["x", "other", "x", "X", "x"].map((name) => fixture.create(name));
    assert.equal(fixture.page("name=x&limit=2"), "x x …");
    assert.equal(fixture.page("name=x", ids[2]), "x");
    fixture.delete(ids[0] ?? "");
    assert.equal(fixture.page("name=x"), "x x");
    assert.equal(fixture.page("name=unknown"), "");
  });

  it("sorts seeded containers by their creation time", () => {
    const fixture = new Fixture();
    fixture.create("now");
    const second = fixture.clock.now() / 1000;
    const ids = fixture.store.seed(
      account,
      [
        { name: "older", created_at: second - 60 },
        { name: "oldest", created_at: second - 90 },
        { name: "newer", created_at: second + 60 },
      ],
      fixture.clock.now(),
    );
    assert.equal(fixture.page(""), "newer now older oldest");
    assert.deepEqual(
      ids.map((id) => fixture.store.find(account, id)?.settings.name),
      ["older", "oldest", "newer"],
    );
  });

  it("takes a seeded container as idle since its creation or last_active_at", () => {
    const fixture = new Fixture();
    const second = fixture.clock.now() / 1000;
    const ids = fixture.store.seed(
      account,
      [{ created_at: second - 20 * 60 }, { created_at: second - 20 * 60, last_active_at: second - 60 }, {}],
      fixture.clock.now(),
    );
    assert.deepEqual(
      ids.map((id) => fixture.status(id)),
      ["expired", "running", "running"],
    );
  });

  it("rejects seeding an id twice", () => {
    const { store } = new Fixture();
    store.seed(account, [{ id: "cntr_1" }], 0);
    assert.throws(() => store.seed(account, [{ id: "cntr_1" }], 0), /container cntr_1 exists already/);
  });

  it("expires an idle container, and never revives it", () => {
    const fixture = new Fixture();
    const id = fixture.create("a");
    fixture.clock.advance(20 * 60_000 - 1);
    assert.equal(fixture.status(id), "running");
    fixture.clock.advance(1);
    assert.equal(fixture.status(id), "expired");
    fixture.touch(id);
    assert.equal(fixture.status(id), "expired");
    assert.equal(fixture.page(""), "a");
  });

  it("measures idle time from the last activity", () => {
    const fixture = new Fixture();
    const id = fixture.create("a");
    fixture.clock.advance(19 * 60_000);
    fixture.touch(id);
    fixture.clock.advance(19 * 60_000);
    assert.equal(fixture.status(id), "running");
  });

  it("lists new and deleted containers with the given lag", () => {
    const fixture = new Fixture(5000);
    const id = fixture.create("a");
    fixture.clock.advance(4999);
    assert.equal(fixture.page(""), "");
    assert.equal(fixture.status(id), "running");
    fixture.clock.advance(1);
    assert.equal(fixture.page(""), "a");
    assert.equal(fixture.page("name=a"), "a");

    fixture.delete(id);
    fixture.clock.advance(4999);
    assert.equal(fixture.page(""), "a");
    assert.equal(fixture.page("name=a"), "a");
    assert.equal(fixture.store.find(account, id), undefined);
    assert.deepEqual(fixture.store.all(account), []);
    fixture.clock.advance(1);
    assert.equal(fixture.page("name=a"), "");
    assert.equal(fixture.page(""), "");
  });

  it("lists a page of 100,000 containers as fast as one of 1,000", async () => {
    /** The processor time of 1,000 pages. */
    const pagesOf = (count: number) => {
      const fixture = new Fixture();
      const names = Array.from({ length: count }, (_, index) => ({ name: index % 2 ? "odd" : "even" }));
      const ids = fixture.store.seed(account, names, fixture.clock.now());
      return processorTime(() => {
        for (let turn = 0; turn < 1000; turn += 1) fixture.page("limit=20&name=odd", ids[(turn * count) / 1000]);
      });
    };
    const [few, many] = [await pagesOf(1_000), await pagesOf(100_000)];
    // A page takes microseconds. With a scan of all containers it would take a hundred times as long.
    assert.ok(many < 20 * few, `${few} ms, ${many} ms`);
  });
});
