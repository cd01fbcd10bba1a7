import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A part of a benchmark in a process of its own, so that no two parts share an event loop. */
export class Worker<Question extends object> {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string>;

  constructor(program: string) {
    const args = ["-r", "ts-node/register/transpile-only", program];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    child.stdin.on("error", () => undefined); // it has ended, which the want of an answer tells
    this.child = child;
    this.answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** One at a time. */
  async ask(question: Question): Promise<number> {
    this.child.stdin?.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.answers.next();
    if (done) throw new Error(`${this.child.spawnargs.at(-1)} ended without an answer`);
    return Number(value);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await gone;
  }
}

/** The worker's own side. It ends with its input, so that it outlives nobody, and with the first failure. */
export function answer<Question>(work: (question: Question) => Promise<number>): void {
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    work(JSON.parse(line)).then(
      (figure) => process.stdout.write(`${figure}\n`),
      (error: Error) => {
        process.stderr.write(`${error.stack}\n`);
        process.exit(1);
      },
    );
  });
  lines.on("close", () => process.exit());
}
