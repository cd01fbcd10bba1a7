import assert from "node:assert/strict";
import type { ApiResponse } from "../../sdk/emulator";
import { CountedEmulator } from "../support/counted-emulator";
import { hosted } from "../support/hosted";
import { silent } from "../support/silent";

const refusedCursor = (id: string): ApiResponse => ({
  status: 400,
  body: { error: { message: `Invalid 'after': no container with id '${id}'.`, code: "invalid_value", param: "after" } },
});
const goneCursor = (id: string): ApiResponse => ({
  status: 404,
  body: { error: { message: `Container with id '${id}' not found.`, code: null, param: null } },
});

describe("reading a list of the hosted API", () => {
  let account: CountedEmulator;
  let warnings: string[];
  beforeEach(async () => {
    account = await CountedEmulator.start();
    warnings = [];
  });
  afterEach(() => account.stop());

  const report = { ...silent, runWarning: (code: string, text: string) => warnings.push(`${code}: ${text}`) };

  for (const [status, refusal] of [
    [400, refusedCursor],
    [404, goneCursor],
  ] as const) {
    it(`starts again where the container of the cursor was deleted: HTTP ${status}`, async () => {
      const all = account.seed(250, 60);
      account.emulator.fault({ query: "after=", answer: refusal(all[99]?.id ?? "") });
      const listed = await account.backend.list(undefined, report);
      assert.deepEqual(new Set(listed.map(({ id }) => id)), new Set(all.map(({ id }) => id)));
      assert.deepEqual([account.requestCounts().lists, warnings], [5, []]);
    });

    it(`starts again in observe, too, where the container of the cursor was deleted: HTTP ${status}`, async () => {
      const all = account.seed(250, 60);
      const oldest = all.at(-1) ?? assert.fail();
      account.emulator.fault({ query: "after=", answer: refusal(all[99]?.id ?? "") });
      assert.equal((await account.observe(oldest))?.id, oldest.id);
      assert.deepEqual(account.requestCounts(), { lists: 5, gets: 0 });
    });
  }

  it("fails where the service rejects every cursor", async () => {
    const all = account.seed(250, 60);
    account.emulator.fault({ query: "after=", times: 100, answer: refusedCursor(all[99]?.id ?? "") });
    await assert.rejects(account.backend.list(undefined, report), {
      name: "BackendError",
      message: /^OC2129: Cannot list the containers beyond the first 100: The API rejected after \(HTTP 400, .*\): /,
    });
    assert.equal(account.requestCounts().lists, 4);
  });

  describe("through a gateway that drops cursor and limit", () => {
    const first = (count: number): ApiResponse => ({
      status: 200,
      body: { data: account.emulator.containers().slice(0, count), has_more: true },
    });

    it("ends with a warning", async () => {
      account.seed(33, 60);
      account.emulator.fault({ path: "/v1/containers", times: 1_000, answer: first(20) });
      assert.equal((await account.backend.list(undefined, report)).length, 20);
      assert.equal(account.requestCounts().lists, 2);
      const api = `${account.emulator.baseUrl} (from OPENAI_BASE_URL)`;
      assert.deepEqual(warnings, [
        `OC2130: the list of containers was read only up to the first 20: the API at ${api} sent the same page again, so it may ignore the cursor "after". Use a service that supports pagination, or look up containers by id`,
      ]);
    });

    it("falls back to a GET for a container beyond the first page", async () => {
      const oldest = account.seed(33, 60).at(-1) ?? assert.fail();
      account.emulator.fault({ path: "/v1/containers", times: 1_000, answer: first(20) });
      const { id, name, created_at: createdAt } = oldest;
      const backend = await hosted(account.emulator.baseUrl);
      assert.equal((await backend.observe(id, { name, createdAt }, report))?.id, id);
      assert.deepEqual([account.requestCounts(), warnings.length], [{ lists: 2, gets: 1 }, 1]);
    });
  });
});
