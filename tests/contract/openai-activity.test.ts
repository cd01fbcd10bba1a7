import assert from "node:assert/strict";
import { diff } from "../../provider/lifecycle/diff";
import { recordFrom } from "../../provider/model/record";
import type { ContainerResource } from "../../sdk/emulator";
import { CountedEmulator } from "../support/counted-emulator";
import { named } from "../support/create-context";
import { hosted, hostedArgs } from "../support/hosted";
import { silent } from "../support/silent";

const minute = 60_000;

describe("OpenAIBackend.activity", () => {
  let account: CountedEmulator;

  beforeEach(async () => {
    account = await CountedEmulator.start();
  });
  afterEach(() => account.stop());

  /** As a new run of Pulumi reads it. */
  const activityOf = async ({ id, name, created_at: createdAt }: ContainerResource) =>
    (await hosted(account.emulator.baseUrl)).activity(id, { name, createdAt }, silent);

  /** A container deeper in the list than is read. */
  async function deep(changes: Partial<ContainerResource> = {}): Promise<ContainerResource> {
    const [one = assert.fail()] = account.seed(1, 7_200, changes);
    account.seed(1_000, 60, { status: "expired" });
    return one;
  }

  it("reports last_active_at from the list, and the time of the API's clock", async () => {
    account.clock.advance(60 * minute);
    const [one] = account.seed(1, 90);
    assert.ok(one);
    account.clock.advance(2 * minute);
    const lastActiveAt = account.seconds() - 210;
    assert.deepEqual(await activityOf(one), { lastActiveAt, reportedAt: account.seconds() });
    assert.deepEqual(account.requestCounts(), { lists: 1, gets: 0 });
  });

  it("reports this machine's time where the response has no date", async () => {
    const [one] = account.seed(1, 90);
    assert.ok(one);
    account.clock.advance(60 * minute);
    const body = { data: [one], has_more: false };
    account.emulator.fault({ path: "/v1/containers", answer: { status: 200, headers: { date: "now" }, body } });
    const { reportedAt = 0 } = (await activityOf(one)) ?? {};
    assert.ok(Math.abs(reportedAt - Date.now() / 1000) < 60, `${reportedAt}`);
  });

  it("reports when an expired container expired, however long ago", async () => {
    const expires_after = { anchor: "last_active_at", minutes: 5 } as const;
    const [one] = account.seed(1, 86_400, { expires_after });
    assert.ok(one);
    const { created_at: lastActiveAt } = one;
    const reportedAt = account.seconds();
    assert.deepEqual(await activityOf(one), { lastActiveAt, expiredAt: lastActiveAt + 300, reportedAt });
  });

  it("reports no last use where the service does not", async () => {
    const [{ last_active_at: _, ...silentOn } = assert.fail()] = account.seed(1, 60, { status: "expired" });
    const body = { data: [silentOn], has_more: false };
    account.emulator.fault({ path: "/v1/containers", answer: { status: 200, body } });
    const { id } = silentOn;
    assert.deepEqual(await account.backend.activity(id, {}, silent), { reportedAt: account.seconds() });
  });

  it("reports no last use of a live container that needed a GET, as the GET was a use, and sends no second GET", async () => {
    const one = await deep({ expires_after: { anchor: "last_active_at", minutes: 180 } });
    const { id } = one;
    const asked = { lists: 10, gets: 1 };
    assert.equal(await account.backend.status(id, {}, silent), "running");
    assert.deepEqual(account.requestCounts(), asked);
    assert.deepEqual(await account.backend.activity(id, {}, silent), { reportedAt: account.seconds() });
    assert.equal((await account.backend.observe(id, {}, silent))?.name, one.name);
    assert.deepEqual(account.requestCounts(), asked);
  });

  it("reports the last use of an expired container that needed a GET", async () => {
    const { id, created_at: lastActiveAt } = await deep();
    const reportedAt = account.seconds();
    const expiredAt = lastActiveAt + 20 * 60;
    assert.deepEqual(await account.backend.activity(id, {}, silent), { lastActiveAt, expiredAt, reportedAt });
    assert.deepEqual(account.requestCounts(), { lists: 10, gets: 1 });
  });

  it("status by id alone does not prolong the life of a container", async () => {
    const { id } = await account.backend.create(hostedArgs("analysis"), silent, named);
    for (let passed = 0; passed < 20; passed += 1) {
      assert.equal(await (await hosted(account.emulator.baseUrl)).status(id, {}, silent), "running");
      account.clock.advance(minute);
    }
    assert.equal(await (await hosted(account.emulator.baseUrl)).status(id, {}, silent), "expired");
    assert.equal(account.requestCounts().gets, 0);
  });

  it("diff warns how long ago a container expired", async () => {
    for (const [minutes, since, words] of [
      [1, 1, "expired 1 second ago (terminated after 1 idle minute)"],
      [20, 10_800, "expired 3 hours ago (terminated after 20 idle minutes)"],
    ] as const) {
      const expires_after = { anchor: "last_active_at", minutes } as const;
      const [one] = account.seed(1, minutes * 60 + since, { expires_after });
      assert.ok(one);
      const record = recordFrom({ backend: "openai", createdAt: one.created_at, expiresAfter: one.expires_after });
      const { memoryLimit, networkPolicy, expiresAfter } = record;
      const inputs = { memoryLimit, networkPolicy, expiresAfter, backend: "openai" };
      const warnings: string[] = [];
      const report = {
        ...silent,
        info: () => {},
        warning: (code: string, text: string) => warnings.push(`${code}: ${text}`),
      };
      await diff(one.id, record, inputs, {
        open: () => hosted(account.emulator.baseUrl),
        checksLiveness: true,
        recordedInputs: inputs,
        secretArguments: [],
        provider: undefined,
        report,
      });
      assert.equal(warnings.length, 1);
      assert.match(warnings[0] ?? "", /^OC\d{4}: /);
      assert.ok(warnings[0]?.includes(`container ${one.id} ${words}`), warnings[0]);
    }
  });
});

describe("OpenAIBackend.list", () => {
  let account: CountedEmulator;

  beforeEach(async () => {
    account = await CountedEmulator.start();
  });
  afterEach(() => account.stop());

  const ids = async (name?: string) => (await account.backend.list(name, silent)).map(({ id }) => id);

  it("reads page by page, newest first, with status and last use", async () => {
    account.seed(150, 3_600, { status: "expired" });
    account.seed(150, 60);
    const listed = await account.backend.list(undefined, silent);
    assert.deepEqual(
      listed.map(({ id, name, status, lastActiveAt }) => [id, name, status, lastActiveAt]),
      account.emulator.containers().map(({ id, name, status, last_active_at: at }) => [id, name, status, at]),
    );
    assert.ok(listed.every(({ reportedAt }) => reportedAt === account.seconds()));
    assert.deepEqual(account.requestCounts(), { lists: 3, gets: 0 });
  });

  it("filters by name in the request", async () => {
    account.seed(250, 60);
    const ours = account.seed(120, 3_600, { name: "sandbox" });
    assert.deepEqual(
      await ids("sandbox"),
      ours.map(({ id }) => id),
    );
    assert.deepEqual(account.requestCounts(), { lists: 2, gets: 0 });
  });

  it("filters by name itself where the service ignores that filter", async () => {
    const all = [...account.seed(2, 60), ...account.seed(1, 60, { name: "sandbox" })];
    account.emulator.fault({ query: "name=", answer: { status: 200, body: { data: all, has_more: false } } });
    assert.deepEqual(await ids("sandbox"), [all[2]?.id]);
  });

  it("leaves out containers with status deleted", async () => {
    const [kept] = account.seed(1, 60);
    account.seed(1, 60, { status: "deleted" });
    assert.deepEqual(await ids(), [kept?.id]);
  });

  it("has each container once, where the list changes while it is read", async () => {
    const all = account.seed(150, 60);
    const moved = { data: all.slice(90), has_more: false }; // ten were created meanwhile, so ten are listed again
    account.emulator.fault({ query: "after=", answer: { status: 200, body: moved } });
    assert.deepEqual(
      await ids(),
      all.map(({ id }) => id),
    );
  });

  it("ends at an empty page, even if that has has_more", async () => {
    const all = account.seed(100, 60);
    const body = { data: [], has_more: true };
    account.emulator.fault({
      path: "/v1/containers",
      skip: 0,
      answer: { status: 200, body: { data: all, has_more: true } },
    });
    account.emulator.fault({ query: "after=", answer: { status: 200, body }, times: 99 });
    assert.deepEqual(
      await ids(),
      all.map(({ id }) => id),
    );
    assert.deepEqual(account.requestCounts(), { lists: 2, gets: 0 });
  });

  it("fails where the list is longer than a minute's rate limit can read", async () => {
    account.seed(10_000, 60, { name: "sandbox", status: "expired" });
    assert.equal((await ids()).length, 10_000);
    account.seed(1, 30, { name: "sandbox" });
    await assert.rejects(ids(), {
      name: "BackendError",
      message:
        "OC2128: Cannot list the containers: there are more than 10000, expired ones included. Look up the containers of one name, or one id.",
    });
    await assert.rejects(ids("sandbox"), {
      message:
        "OC2128: Cannot list the containers named sandbox: there are more than 10000, expired ones included. Look up one id.",
    });
    assert.deepEqual(account.requestCounts(), { lists: 300, gets: 0 });
  });
});
