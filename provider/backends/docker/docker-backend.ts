import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import type { ContainerInfo, ContainerInspectInfo } from "dockerode";
import { defaultGatewayImage } from "../../config";
import type { Container } from "../../model/container";
import type { Observed } from "../../model/record";
import {
  type Activity,
  type Backend,
  type CreateContext,
  exposed,
  PartialCreateError,
  type PendingCreate,
  type Recorded,
  type Report,
  UnreachableError,
  unwatched,
} from "../backend";
import { Gateways } from "./allowlist/gateways";
import { type Rules, recordedRules, rulesOf } from "./allowlist/rules/rules";
import { tellingOfDelay } from "./engine/delay";
import type { Engine } from "./engine/engine";
import { explain, failureStatus } from "./engine/engine-errors";
import { ensureImage } from "./engine/images";
import { removeContainer } from "./engine/remove";
import { refuseWithoutLimits, warnOfLittleMemory } from "./engine/resource-limits";
import { activityOf, isOlderThanItsTime, isUnwatched } from "./sandbox/activity";
import { containerSpec, hasGateway, imageOf, isSandbox, observedFrom } from "./sandbox/container-spec";
import { isOfEarlierDesign, removeNetwork } from "./sandbox/exposed";
import { giveLifeline } from "./sandbox/lifeline";
import { Listing, listSandboxes } from "./sandbox/listing";
import { giveDataFolder, start } from "./sandbox/start";

/** Of a sandbox with an allow list: it runs, and its gateway does not, or has no policy. */
const disconnected = "disconnected";

const atOnce = 10; // sandboxes that are asked at a time: as many as keep an engine busy
const longestCreate = 10_000; // ms in which an engine has made what it was asked for

interface Options {
  /** How long a sandbox's minute is, in seconds: less than 60 in tests alone. */
  minute?: number;
  /** The image that the gateways of allow lists are made of. */
  gatewayImage?: string;
}

/** Sandboxes on a Docker engine. */
export class DockerBackend implements Backend {
  readonly name = "docker";
  readonly repairable = new Map([
    ["stopped", "starts it again, with its files"],
    [disconnected, "restarts its egress gateway, and what runs in it goes on"],
  ]);
  private readonly listing: Listing;
  private readonly gateways: Gateways;

  private readonly minute: number;

  constructor(
    private readonly engine: Engine,
    { minute = 60, gatewayImage = defaultGatewayImage }: Options = {},
  ) {
    this.minute = minute;
    this.listing = new Listing(() => listSandboxes(engine));
    this.gateways = new Gateways(engine, gatewayImage);
  }

  private get waiting(): string {
    return `waiting for the Docker engine at ${this.engine.address}`;
  }

  get location(): string {
    return this.engine.location;
  }

  async create(
    container: Container & { name: string },
    report: Report,
    { announce, nameIsDrawn }: CreateContext,
  ): Promise<Observed> {
    const { name } = container;
    const image = imageOf(container);
    refuseWithoutLimits(this.engine);
    warnOfLittleMemory(this.engine, container, report);
    await ensureImage(this.engine, image, report);
    const rules = rulesOf(container);
    if (rules) await this.gateways.prepare(report);

    // The name is ours, so that what was made can be found again although the engine's answer never came.
    const id = `cntr_${randomBytes(24).toString("hex")}`;
    announce(id);
    try {
      const side = rules && {
        allowedDomains: rules.policy.allowedDomains,
        placeholders: rules.placeholders,
        ownsLifelineFolder: this.engine.givesVolumesAway,
      };
      const making = async () => {
        const sandbox = await this.engine.client.createContainer(containerSpec(id, container, this.minute, side));
        return this.begin(sandbox, await sandbox.inspect(), rules);
      };
      return observedFrom(await tellingOfDelay(report, this.waiting, making()));
    } catch (error) {
      const failure = explain(error, this.engine, image);
      // An engine that did not answer may do yet what it was asked for.
      const isLate = failure instanceof UnreachableError;
      const undone = isLate ? this.removePending({ id, name, nameIsDrawn, time: Date.now() }) : this.delete(id);
      await undone.catch((cleanUp: Error) => {
        throw new PartialCreateError(id, failure, cleanUp);
      });
      throw failure;
    }
  }

  async status(id: string): Promise<string | undefined> {
    const listed = await this.listing.find(id);
    // What was made since, has gone, does not run, or should run no more, is looked at by itself.
    if (listed?.State !== "running" || this.isOld(listed)) return (await this.observe(id))?.status;
    if (isOfEarlierDesign(id, listed)) return exposed;
    return hasGateway(listed.Labels) && !(await this.serves(id)) ? disconnected : listed.State;
  }

  async observe(id: string): Promise<Observed | undefined> {
    const inspected = await this.inspect(id);
    return inspected && this.observed(inspected);
  }

  async activity(id: string): Promise<Activity | undefined> {
    const inspected = await this.inspect(id);
    return inspected && this.explained(activityOf(inspected, this.engine, this.minute));
  }

  async list(name: string | undefined): Promise<(Observed & Activity)[]> {
    const found: (Observed & Activity)[] = [];
    const listed = await listSandboxes(this.engine, name);
    while (listed.length > 0) {
      const observed = listed.splice(0, atOnce).map(async ({ Id }) => {
        const inspected = await this.inspect(Id);
        const activity = inspected && (await this.explained(activityOf(inspected, this.engine, this.minute)));
        return inspected && activity ? [{ ...(await this.observed(inspected)), ...activity }] : []; // or it went meanwhile
      });
      found.push(...(await Promise.all(observed)).flat());
    }
    return found;
  }

  async repair(id: string, recorded: Recorded, report: Report): Promise<Observed> {
    try {
      const sandbox = this.engine.client.getContainer(id);
      const inspected = await sandbox.inspect();
      const rules = hasGateway(inspected.Config.Labels) ? recordedRules(id, recorded, inspected) : undefined;
      if (rules) await this.gateways.prepare(report);
      return observedFrom(await tellingOfDelay(report, this.waiting, this.begin(sandbox, inspected, rules)));
    } catch (error) {
      throw explain(error, this.engine);
    } finally {
      this.listing.forget(id);
    }
  }

  async delete(id: string): Promise<void> {
    try {
      this.listing.forget(id);
      // With all that may have been made for it, and in this order, as its gateway has a volume of its.
      await this.gateways.remove(id);
      await removeContainer(this.engine, id);
      await removeNetwork(this.engine, id);
    } catch (error) {
      throw explain(error, this.engine);
    }
  }

  async removePending({ id, time }: PendingCreate): Promise<string[]> {
    if (!id) return []; // nothing was asked of the engine yet
    const age = Math.max(0, Date.now() - time); // unless the clock was set back since
    const end = performance.now() + longestCreate - age;
    // An engine goes on with a create whose client is gone.
    while (!(await this.inspect(id)) && performance.now() < end) await sleep(500);
    await this.delete(id);
    return [];
  }

  /** Starts a sandbox, and connects it to its gateway, if it has one. */
  private async begin(sandbox: Docker.Container, inspected: ContainerInspectInfo, rules: Rules | undefined) {
    const begun = async () => {
      // Only what did not run yet: a folder that was in use stays as its user left it.
      if (inspected.State.Status === "created") await giveDataFolder(sandbox);
      if (rules && !inspected.State.Running) await giveLifeline(sandbox);
      return start(sandbox);
    };
    const starting = begun();
    if (rules) await this.gateways.connect(sandbox, inspected, starting, rules);
    return starting;
  }

  /** As it is, with what an inspection does not show: its watchdog does not answer, or its gateway does not serve it. */
  private async observed(inspected: ContainerInspectInfo): Promise<Observed> {
    const observed = observedFrom(inspected);
    if (observed.status !== "expired" && isOfEarlierDesign(observed.id, inspected))
      return { ...observed, status: exposed };
    if (observed.status !== "running") return observed;
    if (await this.explained(isUnwatched(inspected, this.engine, this.minute)))
      return { ...observed, status: unwatched };
    if (hasGateway(inspected.Config.Labels) && !(await this.serves(observed.id)))
      return { ...observed, status: disconnected };
    return observed;
  }

  private isOld({ Created, Labels }: ContainerInfo): boolean {
    return isOlderThanItsTime(this.engine.now() - Created * 1000, Labels, this.minute);
  }

  private serves(id: string): Promise<boolean> {
    return this.explained(this.gateways.serves(id));
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
