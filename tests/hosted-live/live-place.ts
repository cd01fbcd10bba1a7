import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Backend } from "../../provider/backends/backend";
import type { ContractPlace } from "../support/contract-places";
import { hostedArgs } from "../support/hosted";
import type { LiveAccount } from "./live-account";

const pollMs = 1_000;
const longestLagMs = 120_000;
const longestDelayMs = 300_000; // of an expiry

/** The API itself, whose clock cannot be advanced. */
export class LivePlace implements ContractPlace {
  readonly name = "the hosted API";
  readonly minute = 60;
  readonly lateness = 3; // whole seconds, a request, and clocks that differ
  readonly args = hostedArgs;
  readonly refused = {
    changes: { expiresAfter: { anchor: "last_active_at", minutes: 60 } } as const,
    says: /expiresAfter\.minutes/,
  };
  /** The ids that lists show as they are, or that were waited for in vain. */
  private readonly shown = new Set<string>();
  private readonly hidden = new Set<string>();

  constructor(private readonly account: LiveAccount) {}

  /** When lists show what was created and deleted: a run of Pulumi is rarely as fast as the lag of lists. */
  async open(): Promise<Backend> {
    const { created, ending } = this.account;
    const ids = created.creations.flatMap((creation) => [...creation.ids]);
    const isNew = (id: string) => !created.deleted.has(id) && !this.shown.has(id);
    const added = ids.filter(isNew);
    const removed = ids.filter((id) => created.deleted.has(id) && !this.hidden.has(id));
    const until = Date.now() + longestLagMs;
    while (added.length + removed.length > 0) {
      const { containers } = await this.account.list();
      const alive = new Set(containers.filter(({ status }) => status !== "deleted").map(({ id }) => id));
      if (added.every((id) => alive.has(id)) && !removed.some((id) => alive.has(id))) break;
      if (Date.now() > until) break;
      await sleep(pollMs, undefined, { signal: ending });
    }
    for (const id of added) this.shown.add(id);
    for (const id of removed) this.hidden.add(id);
    return this.account.open();
  }

  now(): number {
    return Date.now() / 1000;
  }

  pass(seconds: number): Promise<void> {
    return sleep(seconds * 1000, undefined, { signal: this.account.ending });
  }

  async beIdle(id: string): Promise<void> {
    await this.pass(this.minute);
    const until = Date.now() + longestDelayMs;
    while (Date.now() < until) {
      const { containers } = await this.account.list();
      if (containers.some((one) => one.id === id && one.status === "expired")) return;
      await this.pass(this.lateness);
    }
  }

  async use(id: string): Promise<void> {
    const { status } = await this.account.raw.send("GET", `/containers/${id}`);
    assert.equal(status, 200);
  }

  async end(prefix: string): Promise<void> {
    assert.deepEqual(this.account.created.left(prefix), []);
  }
}
