import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../sdk/emulator";
import { key } from "../support/hosted";

const script = join(__dirname, "../../scripts/test-hosted-live.mjs");
const pollMs = 50;

/** `npm run test:hosted-live` in a process of its own, on an emulator in place of the API. */
export class EmulatedRun {
  /** @param prepare makes the emulator's service another one before the command starts */
  static async start(
    args: string[],
    options: EmulatorOptions = {},
    prepare: (emulator: Emulator) => void = () => {},
  ): Promise<EmulatedRun> {
    const emulator = await startEmulator({ requestsPerMinute: 1_000_000, ...options });
    prepare(emulator);
    const env = { ...process.env, OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl };
    const all = [script, ...args, "--requests-per-minute", "1000000"];
    return new EmulatedRun(emulator, spawn(process.execPath, all, { env, stdio: ["ignore", "pipe", "pipe"] }));
  }

  printed = "";
  private readonly closed: Promise<unknown>;

  private constructor(
    readonly emulator: Emulator,
    readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk) => {
        this.printed += chunk;
      });
    }
    this.closed = once(child, "close");
  }

  /** The exit code; the key is printed nowhere. */
  async exitCode(): Promise<number | null> {
    await this.closed;
    assert.ok(!this.printed.includes(key));
    return this.child.exitCode;
  }

  /** How many requests of a kind were answered so. */
  requests(method: string, path: RegExp, status?: number): number {
    return this.emulator.requests.filter(
      (request) =>
        request.method === method && path.test(request.path) && (status === undefined || request.status === status),
    ).length;
  }

  /** Settles when something has come about, and fails where the command ends before. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      assert.equal(this.child.exitCode, null, this.printed);
      await sleep(pollMs);
    }
  }

  async stop(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.closed;
    await this.emulator.stop();
  }
}
