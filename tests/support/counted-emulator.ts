import type { OpenAIBackend } from "../../provider/backends/openai/openai-backend";
import type { Observed } from "../../provider/model/record";
import {
  type ContainerResource,
  type Emulator,
  type EmulatorOptions,
  ManualClock,
  startEmulator,
} from "../../sdk/emulator";
import { hosted } from "./hosted";
import { silent } from "./silent";

/** An emulator with a manual clock, a backend that has read nothing yet, and a count of its requests. */
export class CountedEmulator {
  static async start(options: EmulatorOptions = {}): Promise<CountedEmulator> {
    const clock = new ManualClock();
    const emulator = await startEmulator({ clock, requestsPerMinute: 1_000_000, ...options });
    return new CountedEmulator(clock, emulator, await hosted(emulator.baseUrl));
  }

  private constructor(
    readonly clock: ManualClock,
    readonly emulator: Emulator,
    readonly backend: OpenAIBackend,
  ) {}

  /** The number of requests for lists and for single containers. */
  requestCounts(): { lists: number; gets: number } {
    const got = this.emulator.requests.filter(({ method }) => method === "GET");
    const lists = got.filter(({ path }) => path === "/v1/containers").length;
    return { lists, gets: got.length - lists };
  }

  /** The time of its clock in Unix seconds. */
  seconds(): number {
    return Math.floor(this.clock.now() / 1000);
  }

  /** Adds containers of an age in seconds. */
  seed(count: number, age: number, changes: Partial<ContainerResource> = {}): ContainerResource[] {
    const created_at = this.seconds() - age;
    const ids = new Set(
      this.emulator.seed(
        Array.from({ length: count }, (_, at) => ({ name: `c-${age}-${at}`, created_at, ...changes })),
      ),
    );
    return this.emulator.containers().filter(({ id }) => ids.has(id));
  }

  /** Observes a container as the provider does for one in state. */
  observe({ id, name, created_at: createdAt }: ContainerResource): Promise<Observed | undefined> {
    return this.backend.observe(id, { name, createdAt }, silent);
  }

  stop(): Promise<void> {
    return this.emulator.stop();
  }
}
