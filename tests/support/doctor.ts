import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { journalFolder } from "../../provider/host/run";
import type { Journal } from "../../provider/lifecycle/journal/journal";
import type { ProcessMark } from "../../provider/lifecycle/journal/process-mark";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { key } from "./hosted";
import { journalIn } from "./journal";
import type { CommandResult } from "./run-main";

const command = join(__dirname, "../../dist/sdk/cli/index.js");
const password = "pass-word-of-the-state";

/** A journal with pending entries, an emulator with their containers, and `openai-containers doctor` for both. */
export class Doctor {
  static async open(): Promise<Doctor> {
    return new Doctor(await startEmulator(), mkdtempSync(join(tmpdir(), "openai-containers-doctor-")));
  }

  readonly folder: string;
  readonly location: string;

  private constructor(
    readonly emulator: Emulator,
    readonly state: string,
  ) {
    this.folder = journalFolder({ XDG_STATE_HOME: state });
    this.location = `openai:${emulator.baseUrl}`;
  }

  /** The journal of a run, by default of one that has ended. */
  journal(engine?: string, process?: ProcessMark): Journal {
    return journalIn(this.folder, { program: "/shop", state: `postgres://me:${password}@state`, engine, process });
  }

  /**
   * Writes a pending entry as a run does before a create, and the container's id if the run learned it.
   * @returns its file
   */
  async pending(
    resource: string,
    name: string,
    more: { id?: string; isChosen?: boolean; journal?: Journal; docker?: boolean } = {},
  ): Promise<string> {
    const journal = more.journal ?? this.journal();
    const target = more.docker
      ? ({ backend: "docker", location: "docker:x" } as const)
      : ({ backend: "openai", location: this.location } as const);
    const file = journal.begin({ urn: urnOf(resource), ...target, name, nameIsDrawn: !more.isChosen });
    if (more.id) journal.setId(file, more.id);
    const now = Date.now();
    while (Date.now() === now) await setImmediate(); // so that the next entry has a later time
    return file;
  }

  /** Adds a container to the emulator. */
  container(name: string): string {
    const [id = ""] = this.emulator.seed([{ name }]);
    return id;
  }

  containerIds(): string[] {
    return this.emulator.containers().map(({ id }) => id);
  }

  /** The files in the journal's folder. */
  files(): string[] {
    return readdirSync(this.folder)
      .map((name) => join(this.folder, name))
      .sort();
  }

  /** Runs the command, whose output must have no secret and no stack trace. */
  async run(args: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
    const ran = await new Promise<CommandResult>((resolve) => {
      const options = {
        env: {
          ...process.env,
          XDG_STATE_HOME: this.state,
          OPENAI_API_KEY: key,
          OPENAI_BASE_URL: this.emulator.baseUrl,
          OPENAI_LOG: "debug",
          OPENAI_ORG_ID: undefined,
          OPENAI_PROJECT_ID: undefined,
          DOCKER_HOST: `unix://${this.state}/no-engine.sock`,
          DOCKER_CONTEXT: undefined,
          ...env,
        },
        timeout: 30_000,
        killSignal: "SIGKILL",
      } as const;
      const child = execFile(process.execPath, [command, "doctor", ...args], options, (_, out, err) => {
        resolve([child.exitCode ?? -1, out, err]);
      });
    });
    for (const text of ran.slice(1)) {
      assert.doesNotMatch(String(text), new RegExp(`${key}|${password}|^ +at .*:\\d+:\\d+`, "m"));
    }
    return ran;
  }

  async end(): Promise<void> {
    await this.emulator.stop();
    rmSync(this.state, { recursive: true, force: true });
  }
}

export function urnOf(resource: string): string {
  return `urn:pulumi:dev::shop::pulumi-nodejs:dynamic:Resource::${resource}`;
}

/** Works with the address of a server, as that of Pulumi's engine while a run is in progress. */
export async function withServer(work: (address: string) => Promise<void>): Promise<void> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const address = server.address();
    assert.ok(address && typeof address === "object");
    await work(`127.0.0.1:${address.port}`);
  } finally {
    server.close();
  }
}
