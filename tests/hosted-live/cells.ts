import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "../../provider/backends/openai/api-error";
import { named } from "../support/create-context";
import { hostedArgs } from "../support/hosted";
import { silent } from "../support/silent";
import type { LiveAccount } from "./live-account";
import type { Result, Row } from "./result";

const pollMs = 1_000;
const settleMs = 6_000; // in which a use shows in `last_active_at`
const longestLagMs = 60_000;

/** In the order in which they are observed. */
const observedRows = ["longest", "id", "list", "retrieve", "file", "precision", "drift", "deleted"] as const;
type ObservedRow = (typeof observedRows)[number];

/** Observes the cells of the hosted column that need no waiting for expiry, on one container. */
export async function observeCells(account: LiveAccount, name: string): Promise<Result[]> {
  const { raw, ending } = account;
  const backend = await account.open();
  const { id } = await backend.create(hostedArgs(name), silent, named);
  const path = `/containers/${id}`;
  const pause = () => sleep(pollMs, undefined, { signal: ending });

  /** The last use as lists have it, which may lag. */
  async function lastActiveAt(): Promise<number> {
    for (const until = Date.now() + longestLagMs; ; await pause()) {
      const listed = (await account.list()).containers.find((one) => one.id === id);
      if (listed?.last_active_at !== undefined) return listed.last_active_at;
      assert.ok(Date.now() < until, listed ? "last_active_at is not reported" : "the container is in no list");
    }
  }

  /** Whether something done moves the time of the last use. */
  async function isUse(act: () => Promise<unknown>): Promise<string> {
    const before = await lastActiveAt();
    await sleep(2 * pollMs, undefined, { signal: ending }); // it has whole seconds
    await act();
    return (await usedSince(before)) === undefined ? "no" : "yes";
  }

  /** The time of a use that is later than another one. */
  async function usedSince(before: number): Promise<number | undefined> {
    for (const until = Date.now() + settleMs; Date.now() < until; await pause()) {
      const now = await lastActiveAt();
      if (now > before) return now;
    }
    return undefined;
  }

  const ids: string[] = [];
  /** How a container of more minutes than are allowed is refused; undefined where it is created. */
  const refusal = account
    .open()
    .then((other) => {
      const expiresAfter = { anchor: "last_active_at", minutes: 21 } as const;
      const args = hostedArgs(`${name}-long`, { expiresAfter });
      return other.create(args, silent, { ...named, announce: (announced) => ids.push(announced) });
    })
    .then(
      () => undefined,
      (error: unknown) => error,
    );

  /** The last one deletes the container. */
  const probes: Record<ObservedRow, () => Promise<string>> = {
    longest: async () => {
      const error = await refusal;
      if (error && !(error instanceof ApiError)) throw error;
      return error ? "20" : "more than 20";
    },
    id: async () => {
      assert.ok((await refusal) instanceof ApiError, "no create was refused");
      return ids.length > 0 ? "the provider" : "the API";
    },
    list: () => isUse(() => account.list()),
    retrieve: () => isUse(() => raw.send("GET", path)),
    file: () =>
      isUse(async () => {
        const form = new FormData();
        form.append("file", new Blob(["x"]), "file.txt");
        const { status } = await raw.send("POST", `${path}/files`, form);
        if (status === 404) throw new NotTried("the service has no endpoint for it");
        assert.equal(status, 200);
      }),
    precision: async () => {
      const before = await lastActiveAt();
      await sleep(2 * pollMs, undefined, { signal: ending });
      const { time } = await raw.send("GET", path);
      const reported = (await usedSince(before)) ?? assert.fail("last_active_at did not change");
      return `${Math.ceil(Math.abs(reported - time) || 1)} s`;
    },
    drift: async () => {
      const answers = await Promise.all(["POST", "PUT", "PATCH"].map((method) => raw.send(method, path)));
      return answers.some(({ status }) => status < 300) ? "yes" : "no";
    },
    deleted: async () => {
      await raw.send("DELETE", path);
      account.created.deleted.add(id);
      const { status } = await raw.send("GET", path);
      const isListed = (await account.list()).containers.some((one) => one.id === id && one.status !== "deleted");
      return `${status}; ${isListed ? "stays in lists for a while" : "in no list"}`;
    },
  };

  const results: Result[] = [];
  for (const row of observedRows) {
    if (ending.aborted) break;
    results.push(await resultOf(row, probes[row]));
  }
  return results;
}

async function resultOf(row: Row, probe: () => Promise<string>): Promise<Result> {
  try {
    return { row, observed: await probe() };
  } catch (error) {
    if (error instanceof NotTried) return { row, notTried: error.message };
    return { row, observed: `failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Why a cell cannot be observed. */
class NotTried extends Error {}
