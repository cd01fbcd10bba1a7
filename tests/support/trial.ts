import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { RunningCommand } from "./running-command";
import { Stack } from "./stack";
import type { TestBackend } from "./test-backend";

const upNow = ["up", "--yes", "--skip-preview", "--suppress-progress", "--parallel", "2"];

/** A stack on a backend, with a journal of its own. */
export class Trial {
  readonly stack: Stack;

  private constructor(
    readonly backend: TestBackend,
    /** The home of the journal, which the stacks of one user share. */
    private readonly home: string,
    private readonly isHomeOwn: boolean,
    env: NodeJS.ProcessEnv,
    same?: { prefix: string; folder?: string },
  ) {
    this.stack = new Stack({ ...backend.env, XDG_STATE_HOME: home, ...env }, same);
  }

  static async at(backend: TestBackend, env: NodeJS.ProcessEnv = {}): Promise<Trial> {
    const home = mkdtempSync(join(tmpdir(), "openai-containers-journal-"));
    const trial = new Trial(backend, home, true, env);
    mkdirSync(trial.journal, { recursive: true, mode: 0o700 });
    trial.stack.program("").init();
    return trial;
  }

  /** Another trial of the same user: the same stack in another environment, or, without a folder, a namesake. */
  beside(env: NodeJS.ProcessEnv, folder?: string): Trial {
    const { prefix } = this.stack;
    return new Trial(this.backend, this.home, false, env, folder === undefined ? { prefix } : { prefix, folder });
  }

  get journal(): string {
    return join(this.home, "pulumi-openai-containers", "journal");
  }

  /** The files in the journal's folder, complete or not. */
  journalFiles(): string[] {
    return readdirSync(this.journal).map((name) => join(this.journal, name));
  }

  /** Settles when so many creates of a run have journal entries, or the run has ended. */
  begun(count: number, going: RunningCommand): Promise<void> {
    return new Promise((resolve) => {
      const before = new Set(readdirSync(this.journal));
      const check = () => {
        const now = readdirSync(this.journal).filter((name) => name.endsWith(".json") && !before.has(name));
        if (now.length >= count || going.hasEnded) end();
      };
      const watcher = watch(this.journal, check);
      const end = () => {
        watcher.close();
        resolve();
      };
      going.ended.then(end, end);
      check();
    });
  }

  /** Containers with these resource names and auto-generated names. */
  program(names: readonly string[], args = "", options = ""): this {
    const all = names.map(
      (name) =>
        `new Container("${this.stack.prefix}-${name}", { ${[args, this.backend.args].filter(Boolean).join(", ")} }, { ${options} });`,
    );
    this.stack.program(all.join("\n"));
    return this;
  }

  start(...args: string[]): RunningCommand {
    let pid = 0;
    const output: NodeJS.ReadableStream[] = [];
    const ended = this.stack.run(args, {
      started: (child) => {
        pid = child.pid ?? assert.fail("pulumi was not started");
        output.push(...[child.stdout, child.stderr].filter((stream) => stream !== null));
      },
    });
    return new RunningCommand(pid, ended, output);
  }

  startUp(...args: string[]): RunningCommand {
    return this.start(...upNow, ...args);
  }

  /**
   * Kills an `up` that has created so many containers, before it gets the responses, and releases the stack.
   * @returns those containers
   */
  async killUp(count: number, ...args: string[]): Promise<string[]> {
    const before = await this.inventory();
    this.backend.delayCreates(5_000, true);
    const going = this.startUp(...args);
    const left = await this.created(count, before).finally(() => going.killTree());
    await going.ended;
    this.backend.removeDelays();
    this.stack.release();
    return left;
  }

  private async created(count: number, before: readonly string[]): Promise<string[]> {
    for (const end = Date.now() + 120_000; ; await sleep(50)) {
      const created = (await this.inventory()).filter((id) => !before.includes(id));
      if (created.length >= count) return created.sort();
      assert.ok(Date.now() < end, `${created.length} containers were created, and not ${count}`);
    }
  }

  /** Runs a command that must succeed. */
  async ok(...args: string[]): Promise<string> {
    const { code, text } = await this.start(...args).ended;
    assert.equal(code, 0, `pulumi ${args.join(" ")} ended with code ${code}:\n${text}`);
    return text;
  }

  up(...args: string[]): Promise<string> {
    return this.ok(...upNow, ...args);
  }

  inventory(): Promise<string[]> {
    return this.backend.inventory(this.stack.prefix);
  }

  /** The containers in state, including those that are still to be deleted. */
  inState(): string[] {
    return this.stack.containers().map(({ id }) => id ?? "no id");
  }

  /** Asserts that exactly so many containers exist, all in state, and that the journal has no entries. */
  async assertSettled(count: number): Promise<string[]> {
    const [there, inState] = [(await this.inventory()).sort(), this.inState().sort()];
    assert.deepEqual({ there, count: there.length }, { there: inState, count });
    await this.backend.assertNoOrphans(this.stack.prefix, there);
    assert.deepEqual(
      this.journalFiles().map((file) => readFileSync(file, "utf8")),
      [],
    );
    return there;
  }

  /** As before the first run with a create. */
  deleteJournal(): void {
    rmSync(join(this.home, "pulumi-openai-containers"), { recursive: true });
  }

  /** Destroys a stack before the end of its case. */
  async abandon(): Promise<void> {
    await this.stack.run(["destroy", "--yes", "--skip-preview"]);
    rmSync(this.stack.folder, { recursive: true, force: true });
  }

  /** Ends the stack, and asserts that nothing remains of it. */
  async end(): Promise<void> {
    try {
      this.backend.removeDelays();
      await this.stack.end(this.backend.holder);
    } finally {
      rmSync(this.stack.folder, { recursive: true, force: true });
      if (this.isHomeOwn) rmSync(this.home, { recursive: true, force: true });
    }
  }
}
