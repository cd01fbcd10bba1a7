import assert from "node:assert/strict";
import { ManualClock } from "../../sdk/emulator";
import { resourceOf } from "../../sdk/emulator/entry";
import { listQuery } from "../../sdk/emulator/list-query";
import { Store } from "../../sdk/emulator/store";

const account = "-/-";

/** A store with its clock, spoken to by names: of containers in these tests no two share one, unless they say so. */
class Shop {
  readonly clock = new ManualClock(1_700_000_000_000);
  readonly store: Store;

  constructor(lagMs = 0) {
    this.store = new Store(lagMs);
  }

  make(name: string): string {
    const entry = this.store.draw(account, { name }, this.clock.now());
    this.store.add(entry);
    return entry.settings.id;
  }

  delete(id: string): void {
    this.store.delete(this.entry(id), this.clock.now());
  }

  status(id: string): string {
    return resourceOf(this.entry(id), this.clock.now()).status;
  }

  touch(id: string): void {
    this.store.touch(this.entry(id), this.clock.now());
  }

  page(query: string, after?: string): string {
    const cursor = after === undefined ? undefined : this.store.ever(after);
    const { entries, hasMore } = this.store.page(account, listQuery(query), cursor, this.clock.now());
    return entries.map(({ settings }) => settings.name).join(" ") + (hasMore ? " …" : "");
  }

  private entry(id: string) {
    const entry = this.store.live(account, id);
    assert.ok(entry, id);
    return entry;
  }
}

describe("the emulator's store", () => {
  it("lists the newest first, those of one second in the order of their making, and the other way round", () => {
    const shop = new Shop();
    for (const name of ["a", "b", "c"]) shop.make(name);
    shop.clock.advance(1000);
    shop.make("d");
    assert.equal(shop.page(""), "d c b a");
    assert.equal(shop.page("order=asc"), "a b c d");
  });

  it("goes on after a cursor, in both directions, and tells whether there is more", () => {
    const shop = new Shop();
    const [a, , , d] = ["a", "b", "c", "d"].map((name) => shop.make(name));
    assert.equal(shop.page("limit=2"), "d c …");
    assert.equal(shop.page("limit=2", d), "c b …");
    assert.equal(shop.page("limit=3", d), "c b a");
    assert.equal(shop.page("limit=2&order=asc", a), "b c …");
    assert.equal(shop.page("", a), "");
    assert.equal(shop.page("order=asc", d), "");
  });

  it("goes on after a container that was deleted since", () => {
    const shop = new Shop();
    const [, b] = ["a", "b", "c"].map((name) => shop.make(name));
    shop.delete(b ?? "");
    assert.equal(shop.page("", b), "a");
    assert.equal(shop.page("order=asc", b), "c");
    assert.equal(shop.page(""), "c a");
  });

  it("finds by the exact name, page by page", () => {
    const shop = new Shop();
    const ids = ["x", "other", "x", "X", "x"].map((name) => shop.make(name));
    assert.equal(shop.page("name=x&limit=2"), "x x …");
    assert.equal(shop.page("name=x", ids[2]), "x");
    shop.delete(ids[0] ?? "");
    assert.equal(shop.page("name=x"), "x x");
    assert.equal(shop.page("name=nobody"), "");
  });

  it("puts what was seeded where its time belongs", () => {
    const shop = new Shop();
    shop.make("now");
    const second = shop.clock.now() / 1000;
    const ids = shop.store.seed(
      account,
      [
        { name: "older", created_at: second - 60 },
        { name: "oldest", created_at: second - 90 },
        { name: "newer", created_at: second + 60 },
      ],
      shop.clock.now(),
    );
    assert.equal(shop.page(""), "newer now older oldest");
    assert.deepEqual(
      ids.map((id) => shop.store.live(account, id)?.settings.name),
      ["older", "oldest", "newer"],
    );
  });

  it("takes what was seeded for unused since it was made", () => {
    const shop = new Shop();
    const second = shop.clock.now() / 1000;
    const ids = shop.store.seed(
      account,
      [{ created_at: second - 20 * 60 }, { created_at: second - 20 * 60, last_active_at: second - 60 }, {}],
      shop.clock.now(),
    );
    assert.deepEqual(
      ids.map((id) => shop.status(id)),
      ["expired", "running", "running"],
    );
  });

  it("refuses to seed one id twice", () => {
    const { store } = new Shop();
    store.seed(account, [{ id: "cntr_1" }], 0);
    assert.throws(() => store.seed(account, [{ id: "cntr_1" }], 0), /container cntr_1 already/);
  });

  it("calls what has been idle for its minutes expired, and never revives it", () => {
    const shop = new Shop();
    const id = shop.make("a");
    shop.clock.advance(20 * 60_000 - 1);
    assert.equal(shop.status(id), "running");
    shop.clock.advance(1);
    assert.equal(shop.status(id), "expired");
    shop.touch(id);
    assert.equal(shop.status(id), "expired");
    assert.equal(shop.page(""), "a");
  });

  it("counts from the last use", () => {
    const shop = new Shop();
    const id = shop.make("a");
    shop.clock.advance(19 * 60_000);
    shop.touch(id);
    shop.clock.advance(19 * 60_000);
    assert.equal(shop.status(id), "running");
  });

  it("lets lists lag behind", () => {
    const shop = new Shop(5000);
    const id = shop.make("a");
    shop.clock.advance(4999);
    assert.equal(shop.page(""), "");
    assert.equal(shop.status(id), "running");
    shop.clock.advance(1);
    assert.equal(shop.page(""), "a");
    assert.equal(shop.page("name=a"), "a");

    shop.delete(id);
    shop.clock.advance(4999);
    assert.equal(shop.page(""), "a");
    assert.equal(shop.page("name=a"), "a");
    assert.equal(shop.store.live(account, id), undefined);
    assert.deepEqual(shop.store.all(account), []);
    shop.clock.advance(1);
    assert.equal(shop.page("name=a"), "");
    assert.equal(shop.page(""), "");
  });

  it("asks no more of a page among very many than of one among few", () => {
    const shop = new Shop();
    const ids = shop.store.seed(
      account,
      Array.from({ length: 100_000 }, (_, index) => ({ name: index % 2 ? "odd" : "even" })),
      shop.clock.now(),
    );
    const began = performance.now();
    for (let turn = 0; turn < 1000; turn += 1) shop.page("limit=20&name=odd", ids[turn * 100]);
    const took = performance.now() - began;
    // A page is some microseconds; going through all of them once for each would take many seconds.
    assert.ok(took < 1000, `1,000 pages took ${took} ms`);
  });
});
