import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Backend } from "../../provider/backends/backend";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import type { Container } from "../../provider/model/container";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { assertNothingLeft, engine, inside, sandboxArgs, stopped } from "./docker";
import { hosted, hostedArgs } from "./hosted";
import { Memory, MemoryBackend } from "./memory/memory-backend";

export type Changes = Omit<Partial<Container>, "name">;

/** A backend, and what the suite of all backends needs beside it. */
export interface ContractPlace {
  name: string;
  /** How long a container's minute is there, in seconds. */
  minute: number;
  /** How late a use, or the end of one of a minute, may be noticed there, in seconds. */
  lateness: number;
  /** Opens the place as a new run of Pulumi does. */
  open(): Promise<Backend>;
  args(name: string, changes?: Changes): Container & { name: string };
  /** What this place cannot make, and what it says. */
  refused: { changes: Changes; says: RegExp };
  /** What its clock shows, in Unix seconds. */
  now(): number;
  /** Lets some of its seconds pass. */
  pass(seconds: number): Promise<void>;
  /** Lets a container be idle until its minute is over. */
  beIdle(id: string): Promise<void>;
  /** Works in a container for a moment. */
  use(id: string): Promise<void>;
  /** Stops one from outside; undefined where that cannot be. */
  stop?(id: string): Promise<void>;
  /** Fails if anything is left of what has such a name. */
  end(prefix: string): Promise<void>;
}

/** A minute of five seconds: the watchdog looks each second then, whole seconds are what it counts in. */
const minute = 5;

export const docker: ContractPlace = {
  name: "docker",
  minute,
  lateness: 3, // a look's pause, and what rounding and a busy machine add
  open: async () => new DockerBackend(await engine(), { minute }),
  args: sandboxArgs,
  refused: { changes: { docker: { image: "no.such.host.invalid/none" } }, says: /no\.such\.host\.invalid/ },
  now: () => Date.now() / 1000,
  pass: (seconds) => sleep(seconds * 1000),
  beIdle: async (id) => stopped((await engine()).client, id),
  use: async (id) => {
    await inside((await engine()).client, id, "true");
  },
  stop: async (id) => {
    const { client } = await engine();
    await client.getContainer(id).kill();
    await stopped(client, id);
  },
  end: async (prefix) => assertNothingLeft((await engine()).client, prefix),
};

/** The hosted API's emulator, with a clock that can be put forward. */
export class EmulatedApi implements ContractPlace {
  readonly name = "openai";
  readonly minute = 60;
  readonly lateness = 1; // it tells whole seconds
  readonly args = hostedArgs;
  readonly refused = {
    changes: { expiresAfter: { anchor: "last_active_at", minutes: 60 } } as const,
    says: /expiresAfter\.minutes/,
  };
  private passed = 0;
  private emulator: Emulator | undefined;

  async open(): Promise<Backend> {
    const clock = { now: () => Date.now() + this.passed };
    this.emulator ??= await startEmulator({ clock, requestsPerMinute: 1_000 });
    return hosted(this.emulator.baseUrl);
  }

  now(): number {
    return (Date.now() + this.passed) / 1000;
  }

  async pass(seconds: number): Promise<void> {
    this.passed += seconds * 1000;
  }

  beIdle(): Promise<void> {
    return this.pass(this.minute);
  }

  async use(id: string): Promise<void> {
    this.emulator?.touch(id);
  }

  async end(): Promise<void> {
    const left = this.emulator?.containers();
    await this.emulator?.stop();
    assert.deepEqual(left, []);
  }
}

/** A backend in memory: what the suite asks of a third one. */
export class InMemory implements ContractPlace {
  readonly name = "memory";
  readonly minute = 60;
  readonly lateness = 1;
  readonly args = hostedArgs;
  readonly refused = { changes: { memoryLimit: "64g" } as const, says: /no room/ };
  private passed = 0;
  private readonly memory = new Memory();

  constructor() {
    this.memory.now = () => Date.now() / 1000 + this.passed;
  }

  async open(): Promise<Backend> {
    return new MemoryBackend(this.memory, "openai");
  }

  now(): number {
    return this.memory.now();
  }

  async pass(seconds: number): Promise<void> {
    this.passed += seconds;
  }

  beIdle(): Promise<void> {
    return this.pass(this.minute);
  }

  async use(id: string): Promise<void> {
    this.memory.use(id);
  }

  readonly stop = async (id: string): Promise<void> => this.memory.stop(id);

  async end(): Promise<void> {
    assert.deepEqual([...this.memory.containers.keys()], []);
  }
}

let only: ContractPlace | undefined;

/** Where the suite of all backends runs; each backend that is added joins this list. */
export function contractPlaces(): ContractPlace[] {
  return only ? [only] : [docker, new EmulatedApi(), new InMemory()];
}

/** Makes the suite run on this place alone, as `npm run test:hosted-live` does. */
export function useOnly(place: ContractPlace): void {
  only = place;
}
