import assert from "node:assert/strict";
import { CountedEmulator } from "../support/counted-emulator";
import { named } from "../support/create-context";
import { hosted, hostedArgs } from "../support/hosted";
import { silent } from "../support/silent";

const minute = 60_000;

describe("OpenAIBackend.observe", () => {
  let account: CountedEmulator;

  beforeEach(async () => {
    account = await CountedEmulator.start();
  });
  afterEach(() => account.stop());

  it("finds a thousand containers in ten pages, in any order of calls", async () => {
    const ours = [...account.seed(500, 60), ...account.seed(500, 30)].sort((a, b) => a.id.localeCompare(b.id));
    for (const container of ours) assert.equal((await account.observe(container))?.id, container.id);
    assert.deepEqual(account.requestCounts(), { lists: 10, gets: 0 });
  });

  it("reads the list no further than the age of the container", async () => {
    account.seed(1_000, 3_600);
    const [young] = account.seed(10, 60);
    assert.ok(young);
    await account.observe(young);
    assert.deepEqual(account.requestCounts(), { lists: 1, gets: 0 });
  });

  it("reads a page once for many concurrent calls", async () => {
    const ours = account.seed(100, 60);
    await Promise.all(ours.map((one) => account.observe(one)));
    assert.deepEqual(account.requestCounts(), { lists: 1, gets: 0 });
  });

  it("finds a container under 100,000 younger expired ones by its name", async () => {
    const [old] = account.seed(1, 86_400);
    account.seed(100_000, 60, { status: "expired" });
    assert.ok(old);
    assert.equal((await account.observe(old))?.id, old.id);
    assert.deepEqual(account.requestCounts(), { lists: 11, gets: 0 });
  });

  it("reads one page only where the age of its containers shows that the container lies deep", async () => {
    const [old] = account.seed(1, 86_400);
    for (let age = 0; age < 2_000; age += 10) account.seed(10, age, { status: "expired" });
    assert.ok(old);
    assert.equal((await account.observe(old))?.id, old.id);
    assert.deepEqual(account.requestCounts(), { lists: 2, gets: 0 });
  });

  it("confirms a container by one GET where 100,000 younger ones have its name", async () => {
    const [old] = account.seed(1, 86_400, { name: "sandbox" });
    account.seed(100_000, 60, { status: "expired", name: "sandbox" });
    assert.ok(old);
    assert.equal((await account.observe(old))?.id, old.id);
    assert.deepEqual(account.requestCounts(), { lists: 13, gets: 1 });
  });

  it("needs at most twice the requests of the cheaper strategy where many containers lie deep", async () => {
    const ours = account.seed(100, 86_400);
    account.seed(3_000, 60, { status: "expired" });
    for (const container of ours) assert.equal((await account.observe(container))?.id, container.id);
    assert.equal(account.requestCounts().gets, 0);
    assert.ok(
      account.requestCounts().lists <= 10 + 2 * 21,
      `${account.requestCounts().lists} lists, where 31 pages would have done`,
    );
  });

  it("does not prolong a container's life", async () => {
    const { id, createdAt, name } = await account.backend.create(hostedArgs("analysis"), silent, named);
    account.clock.advance(19 * minute);
    for (let again = 0; again < 3; again += 1) {
      assert.equal(
        (await (await hosted(account.emulator.baseUrl)).observe(id, { createdAt, name }, silent))?.status,
        "running",
      );
    }
    account.clock.advance(minute);
    assert.equal(
      (await (await hosted(account.emulator.baseUrl)).observe(id, { createdAt, name }, silent))?.status,
      "expired",
    );
  });

  it("sends one GET for a container that lists do not have yet", async () => {
    await account.stop();
    account = await CountedEmulator.start({ listLagSeconds: 60 });
    const { id, createdAt, name } = await account.backend.create(hostedArgs("analysis"), silent, named);
    assert.equal((await account.backend.observe(id, { createdAt, name }, silent))?.status, "running");
    assert.deepEqual(account.requestCounts(), { lists: 1, gets: 1 });
  });

  it("reports the requested network policy without its secrets", async () => {
    const domainSecrets = [{ domain: "pypi.example.com", name: "TOKEN", value: "s3cret" }];
    const allowedDomains = ["pypi.example.com", "api.github.com"];
    const args = hostedArgs("analysis", { networkPolicy: { type: "allowlist", allowedDomains, domainSecrets } });
    const created = await account.backend.create(args, silent, named);
    assert.deepEqual(created.networkPolicy, { type: "allowlist", allowedDomains });
    assert.deepEqual(await account.backend.observe(created.id, created, silent), created);
  });

  it("returns undefined where a GET does not find the container", async () => {
    const [gone] = account.seed(1, 60);
    assert.ok(gone);
    await (await hosted(account.emulator.baseUrl)).delete(gone.id, {}, silent);
    assert.equal(await account.observe(gone), undefined);
  });

  it("returns undefined for a container that it deleted itself, although a list still has it", async () => {
    await account.stop();
    account = await CountedEmulator.start({ listLagSeconds: 60 });
    const [one] = account.seed(1, 120);
    assert.ok(one && (await account.observe(one)));
    await account.backend.delete(one.id, {}, silent);
    assert.equal(await account.observe(one), undefined);
  });

  it("treats status deleted as gone, and an unknown status as alive", async () => {
    const [deleted] = account.seed(1, 60, { status: "deleted" });
    const [odd] = account.seed(1, 60, { status: "hibernating" });
    assert.ok(deleted && odd);
    assert.equal(await account.observe(deleted), undefined);
    assert.equal((await account.observe(odd))?.status, "hibernating");
  });

  it("reads at most ten pages where only an id is known, and then sends a GET", async () => {
    const [old] = account.seed(1, 86_400);
    account.seed(1_500, 60, { status: "expired" });
    const [young] = account.seed(1, 5);
    assert.ok(old && young);
    assert.equal((await account.backend.observe(young.id, {}, silent))?.id, young.id);
    assert.deepEqual(account.requestCounts(), { lists: 1, gets: 0 });
    assert.equal((await account.backend.observe(old.id, {}, silent))?.id, old.id);
    assert.deepEqual(account.requestCounts(), { lists: 10, gets: 1 });
  });

  it("sends a GET where no name is known and the container lies deep", async () => {
    const [old] = account.seed(1, 86_400);
    for (let age = 0; age < 2_000; age += 10) account.seed(10, age, { status: "expired" });
    const [young] = account.seed(1, 5);
    assert.ok(old && young);
    assert.equal((await account.backend.observe(young.id, { createdAt: young.created_at }, silent))?.id, young.id);
    assert.deepEqual(account.requestCounts(), { lists: 1, gets: 0 });
    assert.equal((await account.backend.observe(old.id, { createdAt: old.created_at }, silent))?.id, old.id);
    assert.deepEqual(account.requestCounts(), { lists: 1, gets: 1 });
  });

  it("reads on for a container that should lie within ten pages by the age of all containers read", async () => {
    for (let age = 0; age < 800; age += 1) account.seed(1, age);
    const eighth = account.emulator.containers()[750];
    assert.ok(eighth);
    assert.equal((await account.observe(eighth))?.id, eighth.id);
    assert.deepEqual(account.requestCounts(), { lists: 8, gets: 0 });
    assert.ok(account.emulator.requests.every(({ query }) => !query.includes("name=")));
  });

  it("treats an empty page as the last one, even if that has has_more", async () => {
    account.seed(150, 60);
    account.emulator.fault({ query: "after=", answer: { status: 200, body: { data: [], has_more: true } }, times: 99 });
    const [old] = account.emulator.containers().slice(-1);
    assert.ok(old);
    assert.equal((await account.observe(old))?.id, old.id);
    assert.deepEqual(account.requestCounts(), { lists: 2, gets: 1 });
  });

  describe("by name", () => {
    const name = "sandbox";
    beforeEach(() => {
      for (let age = 0; age < 2_000; age += 10) account.seed(10, age, { status: "expired" });
    });

    it("finds a container among more of its name and second than a page holds", async () => {
      account.seed(150, 86_400, { name });
      const old = account.emulator.containers().at(-1);
      assert.ok(old);
      assert.equal((await account.observe(old))?.id, old.id);
      assert.deepEqual(account.requestCounts(), { lists: 3, gets: 0 });
    });

    it("reads no further than the age of the container", async () => {
      account.seed(150, 90_000, { name });
      const createdAt = account.seconds() - 86_400;
      assert.equal(await account.backend.observe("cntr_gone", { name, createdAt }, silent), undefined);
      assert.deepEqual(account.requestCounts(), { lists: 2, gets: 1 });
    });

    it("reads no further than the container", async () => {
      account.seed(150, 86_400, { name });
      const first = account.emulator.containers().find((one) => one.name === name);
      assert.ok(first);
      assert.equal((await account.observe(first))?.id, first.id);
      assert.deepEqual(account.requestCounts(), { lists: 2, gets: 0 });
    });
  });

  it("repair fails where the container is gone", async () => {
    await assert.rejects(account.backend.repair("cntr_gone", {}, silent), {
      name: "BackendError",
      message: "OC2131: Container cntr_gone is gone. Run the same command again to replace it.",
    });
  });
  it("reads each page once where the list changes meanwhile", async () => {
    const ours = account.seed(300, 60);
    const [first, ...rest] = ours;
    assert.ok(first);
    await account.observe(first);
    for (const { id } of account.emulator.containers().slice(0, 150)) account.emulator.expire(id);
    account.seed(50, 0);
    for (const one of rest) assert.equal((await account.observe(one))?.id, one.id);
    assert.deepEqual(account.requestCounts(), { lists: 3, gets: 0 });
  });
});
