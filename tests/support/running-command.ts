import { kill, killTree, providerOf } from "./processes";
import type { Ran } from "./stack";

const timeoutMs = 300_000; // for one command of Pulumi

/** A running command of Pulumi. */
export class RunningCommand {
  hasEnded = false;
  private text = "";

  constructor(
    readonly pid: number,
    readonly ended: Promise<Ran>,
    private readonly output: NodeJS.ReadableStream[],
  ) {
    for (const stream of output) stream.on("data", (data) => (this.text += data));
    const guard = setTimeout(() => killTree(pid), timeoutMs); // a hung Pulumi must not outlive its test
    const end = () => {
      this.hasEnded = true;
      clearTimeout(guard);
    };
    ended.then(end, end);
  }

  /** Settles when a text has been printed, or the command has ended. */
  printed(text: string): Promise<unknown> {
    const printed = new Promise<void>((resolve) => {
      for (const stream of this.output) stream.on("data", () => this.text.includes(text) && resolve());
    });
    return this.text.includes(text) ? Promise.resolve() : Promise.race([printed, this.ended]);
  }

  signal(signal: NodeJS.Signals): void {
    kill(this.pid, signal);
  }

  killTree(): void {
    killTree(this.pid);
  }

  /** `kill -9` of the provider alone, if it has been started. */
  killProvider(): void {
    const provider = providerOf(this.pid);
    if (provider !== undefined) kill(provider, "SIGKILL");
  }
}
