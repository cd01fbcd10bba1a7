import { randomBytes } from "node:crypto";
import {
  type Activity,
  type Backend,
  BackendError,
  type Candidate,
  type CreateContext,
  type PendingCreate,
  type Report,
} from "../../../provider/backends/backend";
import type { BackendName, Container } from "../../../provider/model/container";
import type { Observed } from "../../../provider/model/record";

interface Stored {
  container: Container & { name: string };
  createdAt: number;
  startedAt: number;
  lastActiveAt: number;
  isStopped: boolean;
}

/** Containers in memory, and a clock in Unix seconds. Several backends may share them, as several runs share an account. */
export class Memory {
  readonly containers = new Map<string, Stored>();
  now: () => number = () => Date.now() / 1000;

  /** Uses a container for a moment. */
  use(id: string): void {
    const stored = this.containers.get(id);
    if (stored) stored.lastActiveAt = Math.floor(this.now());
  }

  stop(id: string): void {
    const stored = this.containers.get(id);
    if (stored) stored.isStopped = true;
  }
}

/** The smallest backend that keeps the contract. */
export class MemoryBackend implements Backend {
  readonly location = "memory:";
  readonly locationSettings = { environment: "no variable", stack: "no setting" };
  readonly repairable = new Map([["stopped", "starts it again"]]);

  constructor(
    private readonly memory: Memory,
    readonly name: BackendName,
  ) {}

  async create(container: Container & { name: string }, _: Report, { announce }: CreateContext): Promise<Observed> {
    if (container.memoryLimit === "64g")
      throw new BackendError("OC1005", "There is no room for 64g", "Set a lower memoryLimit");
    const id = `cntr_${randomBytes(24).toString("hex")}`;
    announce(id);
    const now = Math.floor(this.memory.now());
    const stored = { container, createdAt: now, startedAt: now, lastActiveAt: now, isStopped: false };
    this.memory.containers.set(id, stored);
    return this.observed(id, stored);
  }

  async status(id: string): Promise<string | undefined> {
    return (await this.observe(id))?.status;
  }

  async observe(id: string): Promise<Observed | undefined> {
    const stored = this.memory.containers.get(id);
    return stored && this.observed(id, stored);
  }

  async activity(id: string): Promise<Activity | undefined> {
    const stored = this.memory.containers.get(id);
    return stored && this.activityOf(stored);
  }

  async list(name: string | undefined): Promise<(Observed & Activity)[]> {
    return [...this.memory.containers]
      .filter(([, { container }]) => name === undefined || container.name === name)
      .map(([id, stored]) => ({ ...this.observed(id, stored), ...this.activityOf(stored) }))
      .reverse();
  }

  async candidates(): Promise<Candidate[]> {
    return (await this.list(undefined)).map(candidateFrom);
  }

  async candidate(id: string): Promise<Candidate | undefined> {
    return (await this.candidates()).find(({ observed }) => observed.id === id);
  }

  async repair(id: string): Promise<Observed> {
    const stored = this.memory.containers.get(id);
    if (!stored) throw new BackendError("OC1005", `Container ${id} is gone`, "Run the same command again");
    if (stored.isStopped) Object.assign(stored, { isStopped: false, startedAt: Math.floor(this.memory.now()) });
    return this.observed(id, stored);
  }

  async delete(id: string): Promise<void> {
    this.memory.containers.delete(id);
  }

  async removePending({ id }: PendingCreate): Promise<string[]> {
    if (id !== undefined) await this.delete(id);
    return [];
  }

  private observed(id: string, { container, createdAt, lastActiveAt, isStopped }: Stored): Observed {
    const { backend: _, docker: __, fileIds: ___, skills: ____, ...reported } = container;
    const isExpired = this.memory.now() >= expiryOf(container, lastActiveAt);
    const alive = isStopped ? "stopped" : "running";
    return { ...reported, id, createdAt, status: isExpired ? "expired" : alive };
  }

  private activityOf({ container, startedAt, lastActiveAt }: Stored): Activity {
    const expiry = expiryOf(container, lastActiveAt);
    const now = this.memory.now();
    return { lastActiveAt, startedAt, reportedAt: now, ...(now >= expiry && { expiredAt: expiry }) };
  }
}

function candidateFrom(observed: Observed & Activity): Candidate {
  const refusals = observed.status === "running" ? [] : [`it is ${observed.status}`];
  return { observed, refusals, missing: [] };
}

function expiryOf({ expiresAfter }: Container, lastActiveAt: number): number {
  return lastActiveAt + expiresAfter.minutes * 60;
}
