import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import type { Engine } from "../../provider/backends/docker/engine/engine";
import type { Observed } from "../../provider/model/record";
import { named } from "./create-context";
import { assertNothingLeft, engine, inside, sandboxArgs, stopped } from "./docker";
import { silent } from "./silent";

/**
 * Stops the first process by ptrace, as long as this program runs. All processes in a sandbox have the same user, so that is
 * permitted, unless the host's kernel forbids it (Yama).
 */
const debuggerOfTheFirst = `
import ctypes, signal
trace = ctypes.CDLL(None).ptrace
trace(0x4206, 1, None, None)
trace(0x4207, 1, None, None)
signal.pause()`;

const yama = "/proc/sys/kernel/yama/ptrace_scope";

/** Whether this host's kernel lets a process debug another of the same user. */
export const canDebug = !existsSync(yama) || readFileSync(yama, "utf8").trim() === "0";

/** Sandboxes with short minutes, so that an expiry takes seconds. Their idle limit is one minute. */
export class ScaledSandboxes {
  /** @param minute its length in seconds */
  static async open(minute: number): Promise<ScaledSandboxes> {
    const host = await engine();
    return new ScaledSandboxes(host, new DockerBackend(host, { minute }));
  }

  readonly prefix = `t${randomBytes(4).toString("hex")}`;
  private readonly made: string[] = [];
  private count = 0;

  private constructor(
    readonly host: Engine,
    readonly backend: DockerBackend,
  ) {}

  async create(image?: string, name = `${this.prefix}-${this.count++}`): Promise<string> {
    const expiresAfter = { anchor: "last_active_at", minutes: 1 } as const;
    const args = sandboxArgs(name, { expiresAfter, ...(image && { docker: { image } }) });
    const { id } = await this.backend.create(args, silent, named);
    this.made.push(id);
    return id;
  }

  /** Has another sandbox removed at the end, too. */
  add(id: string): void {
    this.made.push(id);
  }

  sh(id: string, command: string): Promise<{ code: number; text: string }> {
    return inside(this.host.client, id, command);
  }

  /** Starts a Python program inside, in the background. */
  async startPython(id: string, program: string): Promise<void> {
    await this.sh(id, `python3 -c '${program}' > /tmp/output 2>&1 &`);
  }

  /** Stops the watchdog for good, so that nothing terminates the sandbox. */
  async stopWatchdog(id: string): Promise<void> {
    await this.startPython(id, debuggerOfTheFirst);
    for (const end = Date.now() + 60_000; !/^1 \(\w+\) t /.test((await this.sh(id, "cat /proc/1/stat")).text); ) {
      assert.ok(Date.now() < end, "the first process is still running");
      await sleep(50);
    }
  }

  /** Observes a sandbox, as a refresh does. */
  observe(id: string): Promise<Observed | undefined> {
    return this.backend.observe(id);
  }

  async statusOf(id: string): Promise<string | undefined> {
    return (await this.observe(id))?.status;
  }

  /** Waits until a sandbox has ended. @returns the engine's time of that, in ms since the epoch */
  async ended(id: string): Promise<number> {
    await stopped(this.host.client, id);
    return Date.parse((await this.host.client.getContainer(id).inspect()).State.FinishedAt);
  }

  async end(): Promise<void> {
    for (const id of this.made) await this.backend.delete(id);
    await assertNothingLeft(this.host.client, this.prefix);
  }
}
