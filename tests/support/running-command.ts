import { kill, killTree, providerOf } from "./processes";
import type { Ran } from "./stack";

const patience = 120_000; // ms for one command of Pulumi

/** A command of Pulumi that goes on. */
export class RunningCommand {
  hasEnded = false;
  private said = "";

  constructor(
    readonly pid: number,
    readonly ended: Promise<Ran>,
    private readonly output: NodeJS.ReadableStream[],
  ) {
    for (const stream of output) stream.on("data", (data) => (this.said += data));
    const guard = setTimeout(() => killTree(pid), patience); // a hung Pulumi must not outlive its test
    const end = () => {
      this.hasEnded = true;
      clearTimeout(guard);
    };
    ended.then(end, end);
  }

  /** Settles when a text has been printed, or the command has ended. */
  printed(text: string): Promise<unknown> {
    const heard = new Promise<void>((resolve) => {
      for (const stream of this.output) stream.on("data", () => this.said.includes(text) && resolve());
    });
    return this.said.includes(text) ? Promise.resolve() : Promise.race([heard, this.ended]);
  }

  signal(signal: NodeJS.Signals): void {
    kill(this.pid, signal);
  }

  killTree(): void {
    killTree(this.pid);
  }

  /** `kill -9` of the provider alone, where there is one. */
  killProvider(): void {
    const provider = providerOf(this.pid);
    if (provider !== undefined) kill(provider, "SIGKILL");
  }
}
