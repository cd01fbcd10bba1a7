import { randomBytes } from "node:crypto";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { ContainerInspectInfo } from "dockerode";
import { pack } from "tar-stream";
import { type Container, memoryLimitBytes } from "../../model/container";
import type { Observed } from "../../model/record";
import { type Backend, BackendError, HalfMadeError, type Making, type Report, type Unfinished } from "../backend";
import { containerSpec, dataFolder, dataVolume, imageOf, isSandbox, observedFrom, sandboxUser } from "./container-spec";
import type { Engine } from "./engine";
import { explain, failureStatus } from "./engine-errors";
import { ensureImage } from "./images";
import { readyLine } from "./watchdog";

const patience = 30_000; // ms for a first process to say that it runs

const longestCreate = 10_000; // ms in which an engine has made what it was asked for

/** Sandboxes on a Docker engine. */
export class DockerBackend implements Backend {
  readonly name = "docker";
  readonly mends = ["stopped"];

  constructor(private readonly engine: Engine) {}

  get location(): string {
    return this.engine.location;
  }

  async create(container: Container & { name: string }, report: Report, { announce }: Making): Promise<Observed> {
    const image = imageOf(container);
    refuseWithoutLimits(this.engine);
    warnOfLittleMemory(this.engine, container, report);
    await ensureImage(this.engine, image, report);

    // The name is ours, so that what was made can be found again although the engine's answer never came.
    const id = `cntr_${randomBytes(24).toString("hex")}`;
    announce(id);
    try {
      await this.engine.client.createContainer(containerSpec(id, container));
      await this.giveDataFolder(id);
      return await this.start(id);
    } catch (error) {
      const failure = explain(error, this.engine, image);
      await this.delete(id).catch((cleanUp: Error) => {
        throw new HalfMadeError(id, failure, cleanUp);
      });
      throw failure;
    }
  }

  async observe(id: string): Promise<Observed | undefined> {
    const inspected = await this.inspect(id);
    return inspected && isSandbox(inspected) ? observedFrom(inspected) : undefined;
  }

  async repair(id: string): Promise<Observed> {
    try {
      const inspected = await this.inspect(id);
      // Only where a create got no further: a folder that was in use stays as its user left it.
      if (inspected?.State.Status === "created") await this.giveDataFolder(id);
      return await this.start(id);
    } catch (error) {
      throw explain(error, this.engine);
    }
  }

  async delete(id: string): Promise<void> {
    try {
      await this.engine.client.getContainer(id).remove({ force: true, v: true });
    } catch (error) {
      const status = failureStatus(error);
      // 409: somebody else's removal of it is in progress.
      if (status !== 404 && status !== 409) throw explain(error, this.engine);
    }
  }

  async removeUnfinished({ id, time }: Unfinished): Promise<string[]> {
    if (!id) return []; // nothing was asked of the engine yet
    // An engine goes on with a create whose client is gone.
    while (!(await this.inspect(id)) && Date.now() - time < longestCreate) await sleep(500);
    await this.delete(id);
    return [];
  }

  /** Makes the data folder the sandbox user's. A fresh volume is root's, and nothing inside may give it away. */
  private async giveDataFolder(id: string): Promise<void> {
    const archive = pack();
    // A folder in the volume, as engines leave the owner of an archive's top folder (`./`) as it is.
    archive.entry({ name: basename(dataFolder), type: "directory", mode: 0o755, ...sandboxUser });
    archive.finalize();
    await this.engine.client.getContainer(id).putArchive(Readable.from(archive), { path: dataVolume });
  }

  /** Starts what is not running, and waits until its first process says that it watches. */
  private async start(id: string): Promise<Observed> {
    const container = this.engine.client.getContainer(id);
    await container.start().catch((error: unknown) => {
      if (failureStatus(error) !== 304) throw error; // 304: it runs already
    });
    for (const end = Date.now() + patience; ; await sleep(5)) {
      const inspected = await container.inspect();
      const { Running: isRunning, FinishedAt: endedBefore, ExitCode: code } = inspected.State;
      if (isRunning && (await this.log(id, endedBefore)).includes(readyLine)) return observedFrom(inspected);
      if (isRunning && Date.now() < end) continue;
      const what = isRunning ? "does not come up" : `ended at once, with exit code ${code}`;
      throw new BackendError(
        `The sandbox's first process ${what} (${(await this.log(id)) || "it said nothing"})`,
        "Its image must be for the engine's kind of processor and have a POSIX shell at /bin/sh, `sleep` and `rm`",
      );
    }
  }

  /** What a sandbox's first process has printed, on one line. */
  private async log(id: string, since = ""): Promise<string> {
    const seconds = Math.max(0, Date.parse(since) / 1000 || 0);
    const frames = await this.engine.client.getContainer(id).logs({ stdout: true, stderr: true, since: seconds });
    return String(frames)
      .replace(/[^ -~]+/g, " ")
      .trim();
  }

  private async inspect(id: string): Promise<ContainerInspectInfo | undefined> {
    try {
      return await this.engine.client.getContainer(id).inspect();
    } catch (error) {
      if (failureStatus(error) === 404) return undefined;
      throw explain(error, this.engine);
    }
  }
}

function refuseWithoutLimits({ limits, address }: Engine): void {
  const missing = [!limits.memory && "memory", !limits.swap && "swap", !limits.pids && "processes"].filter(Boolean);
  if (missing.length === 0) return;
  throw new BackendError(
    `The Docker engine at ${address} cannot limit ${missing.join(" and ")}, so the sandbox would run unlimited`,
    "Use an engine on cgroup v2, with those controllers delegated to it if it is rootless; on cgroup v1, boot with cgroup_enable=memory swapaccount=1",
  );
}

function warnOfLittleMemory({ memoryTotal }: Engine, { name, memoryLimit }: Container, report: Report): void {
  if (memoryTotal >= memoryLimitBytes[memoryLimit]) return;
  const gib = (memoryTotal / 2 ** 30).toFixed(1);
  report.warning(
    `${name}: memoryLimit ${memoryLimit} is more than the engine's host has (${gib} GiB): it may run out before the limit is reached`,
  );
}
