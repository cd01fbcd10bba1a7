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

/** An emulator whose clock stands still, a backend that has seen nothing of it yet, and the requests that it is asked. */
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

  /** How many lists and how many single containers were asked for. */
  asked(): { lists: number; gets: number } {
    const got = this.emulator.requests.filter(({ method }) => method === "GET");
    const lists = got.filter(({ path }) => path === "/v1/containers").length;
    return { lists, gets: got.length - lists };
  }

  /** What its clock shows, in whole Unix seconds. */
  seconds(): number {
    return Math.floor(this.clock.now() / 1000);
  }

  /** Some containers made at some age, in seconds. */
  seed(count: number, age: number, changes: Partial<ContainerResource> = {}): ContainerResource[] {
    const created_at = this.seconds() - age;
    const ids = new Set(
      this.emulator.seed(
        Array.from({ length: count }, (_, at) => ({ name: `c-${age}-${at}`, created_at, ...changes })),
      ),
    );
    return this.emulator.containers().filter(({ id }) => ids.has(id));
  }

  /** Looks at one as whoever has it in state does. */
  look({ id, name, created_at: createdAt }: ContainerResource): Promise<Observed | undefined> {
    return this.backend.observe(id, { name, createdAt }, silent);
  }

  stop(): Promise<void> {
    return this.emulator.stop();
  }
}
