import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { ContainerInspectInfo } from "dockerode";
import type { Container } from "../../model/container";
import type { Observed } from "../../model/record";
import {
  type Activity,
  type Backend,
  HalfMadeError,
  type Known,
  type Making,
  type Report,
  type Unfinished,
} from "../backend";
import { activityOf, isOlderThanItsTime, isUnwatched } from "./activity";
import { containerSpec, imageOf, isSandbox, observedFrom } from "./container-spec";
import type { Engine } from "./engine";
import { explain, failureStatus } from "./engine-errors";
import { ensureImage } from "./images";
import { refuseWithoutLimits, warnOfLittleMemory } from "./limits";
import { Listing, listSandboxes } from "./listing";
import { giveDataFolder, start } from "./start";

const atOnce = 10; // sandboxes that are asked at a time: as many as keep an engine busy
const longestCreate = 10_000; // ms in which an engine has made what it was asked for

/** Sandboxes on a Docker engine. */
export class DockerBackend implements Backend {
  readonly name = "docker";
  readonly mends = ["stopped"];
  private readonly listing: Listing;

  /** @param minute how long one is, in seconds */
  constructor(
    private readonly engine: Engine,
    private readonly minute = 60,
  ) {
    this.listing = new Listing(engine);
  }

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
      const sandbox = await this.engine.client.createContainer(containerSpec(id, container, this.minute));
      await giveDataFolder(sandbox);
      return observedFrom(await start(sandbox));
    } catch (error) {
      const failure = explain(error, this.engine, image);
      await this.delete(id).catch((cleanUp: Error) => {
        throw new HalfMadeError(id, failure, cleanUp);
      });
      throw failure;
    }
  }

  async status(id: string, known: Known, report: Report): Promise<string | undefined> {
    const listed = await this.listing.find(id);
    // What was made since, has gone, does not run, or should run no more, is looked at by itself.
    if (listed?.State !== "running" || isOlderThanItsTime(listed.Created * 1000, listed.Labels, this.minute))
      return (await this.observe(id, known, report))?.status;
    return listed.State;
  }

  async observe(id: string, { createdAt }: Known, report: Report): Promise<Observed | undefined> {
    const inspected = await this.inspect(id);
    if (!inspected) return undefined;
    // Of whom only an id is known, somebody else is the owner.
    const isOurs = createdAt !== undefined;
    if (!isOurs || !(await this.explained(isUnwatched(inspected, this.engine, this.minute))))
      return observedFrom(inspected);
    report.warning(`container ${id} was ended: code inside had stopped what ends it when it is idle`);
    await this.delete(id);
    return undefined;
  }

  async activity(id: string): Promise<Activity | undefined> {
    const inspected = await this.inspect(id);
    return inspected && this.explained(activityOf(inspected, this.engine, this.minute));
  }

  async list(name: string | undefined): Promise<(Observed & Activity)[]> {
    const found: (Observed & Activity)[] = [];
    const listed = await listSandboxes(this.engine, name);
    while (listed.length > 0) {
      const told = listed.splice(0, atOnce).map(async ({ Id }) => {
        const inspected = await this.inspect(Id);
        const activity = inspected && (await this.explained(activityOf(inspected, this.engine, this.minute)));
        return inspected && activity ? [{ ...observedFrom(inspected), ...activity }] : []; // or it went meanwhile
      });
      found.push(...(await Promise.all(told)).flat());
    }
    return found;
  }

  async repair(id: string): Promise<Observed> {
    try {
      const inspected = await this.inspect(id);
      const sandbox = this.engine.client.getContainer(id);
      // Only where a create got no further: a folder that was in use stays as its user left it.
      if (inspected?.State.Status === "created") await giveDataFolder(sandbox);
      return observedFrom(await start(sandbox));
    } catch (error) {
      throw explain(error, this.engine);
    } finally {
      this.listing.forget(id);
    }
  }

  async delete(id: string): Promise<void> {
    try {
      this.listing.forget(id);
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

  private explained<T>(asked: Promise<T>): Promise<T> {
    return asked.catch((error: unknown) => Promise.reject(explain(error, this.engine)));
  }

  private async inspect(id: string): Promise<ContainerInspectInfo | undefined> {
    try {
      const inspected = await this.engine.client.getContainer(id).inspect();
      return isSandbox(inspected) ? inspected : undefined;
    } catch (error) {
      if (failureStatus(error) === 404) return undefined;
      throw explain(error, this.engine);
    }
  }
}
