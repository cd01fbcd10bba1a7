import type { ContainerInfo, ContainerInspectInfo } from "dockerode";
import type { Observed } from "../../model/record";
import { type Activity, type Candidate, exposed, type Known, unwatched } from "../backend";
import type { Gateways } from "./allowlist/gateways";
import { ContainerListing, listLabelled } from "./engine/container-listing";
import type { Engine } from "./engine/engine";
import { explain } from "./engine/engine-errors";
import { failureStatus } from "./engine/failure";
import { presentImage } from "./images/ensure";
import { Candidates } from "./import/candidates";
import { foreignFrom } from "./import/foreign";
import { activityOf, isOverdue, isUnwatched } from "./sandbox/activity";
import { isSandbox, observedFrom } from "./sandbox/container-spec";
import { isOnOwnNetwork } from "./sandbox/earlier-release";
import { hasGateway, sandboxFilter } from "./sandbox/labels";

/** The status of a running sandbox with an allow list whose gateway does not run, or has no policy. */
export const disconnected = "disconnected";

const concurrency = 10; // sandboxes that are inspected at a time: as many as keep an engine busy

/** The part of the Docker backend that only reads: a preview and a refresh call it, and change nothing. */
export class DockerReads {
  protected readonly listing: ContainerListing;
  private readonly candidatesOfEngine: Candidates;
  private readonly imageIds = new Map<string, ReturnType<typeof presentImage>>();

  /** @param minute the length of a sandbox's minute, in seconds */
  constructor(
    protected readonly engine: Engine,
    protected readonly gateways: Gateways,
    protected readonly minute: number,
  ) {
    this.listing = new ContainerListing(engine, sandboxFilter());
    this.candidatesOfEngine = new Candidates(engine, (inspected) => this.withActivity(inspected));
  }

  get location(): string {
    return this.engine.location;
  }

  /** @throws BackendError */
  async status(id: string, known: Known = {}): Promise<string | undefined> {
    const listed = await this.listing.find(id);
    // Inspected by itself if it is not listed, does not run, or is overdue: it may have changed since, or be unwatched.
    if (listed?.State !== "running" || this.isOld(listed)) return (await this.observe(id, known))?.status;
    if (isOnOwnNetwork(id, listed)) return exposed;
    return hasGateway(listed.Labels) && !(await this.isServed(id)) ? disconnected : listed.State;
  }

  /** @throws BackendError */
  async observe(id: string, known: Known = {}): Promise<Observed | undefined> {
    const inspected = await this.inspect(id, known);
    return inspected && this.observed(inspected);
  }

  /** Undefined also where it cannot be read, as it is for a warning only. */
  imageId(name: string): Promise<string | undefined> {
    const known = this.imageIds.get(name) ?? presentImage(this.engine, name).catch(() => undefined);
    this.imageIds.set(name, known);
    return known.then((image) => image?.Id);
  }

  /** @throws BackendError */
  async activity(id: string, known: Known = {}): Promise<Activity | undefined> {
    const inspected = await this.inspect(id, known);
    return inspected && this.explained(activityOf(inspected, this.engine, this.minute));
  }

  /** @throws BackendError */
  async list(name: string | undefined): Promise<(Observed & Activity)[]> {
    const found: (Observed & Activity)[] = [];
    const listed = await listLabelled(this.engine, sandboxFilter(name));
    while (listed.length > 0) {
      const observed = listed.splice(0, concurrency).map(async ({ Id }) => {
        const inspected = await this.inspect(Id);
        return inspected ? [await this.withActivity(inspected)] : []; // or removed meanwhile
      });
      found.push(...(await Promise.all(observed)).flat());
    }
    return found;
  }

  /** @throws BackendError */
  candidates(): Promise<Candidate[]> {
    return this.explained(this.candidatesOfEngine.all());
  }

  /** @throws BackendError */
  candidate(id: string): Promise<Candidate | undefined> {
    return this.explained(this.candidatesOfEngine.one(id));
  }

  private async withActivity(inspected: ContainerInspectInfo): Promise<Observed & Activity> {
    const activity = await this.explained(activityOf(inspected, this.engine, this.minute));
    return { ...(await this.observed(inspected)), ...activity };
  }

  /** A sandbox; or another container that is in state, as a program imported it, and never by a bare id. */
  protected async inspect(id: string, { createdAt }: Known = {}): Promise<ContainerInspectInfo | undefined> {
    try {
      const inspected = await this.engine.client.getContainer(id).inspect();
      const isImported = createdAt !== undefined && inspected.Id === id;
      return isSandbox(inspected) || isImported ? inspected : undefined;
    } catch (error) {
      if (failureStatus(error) === 404) return undefined;
      throw explain(error, this.engine);
    }
  }

  /** The inspection, with the statuses that it does not show: the watchdog or the gateway does not work. */
  private async observed(inspected: ContainerInspectInfo): Promise<Observed> {
    if (!isSandbox(inspected)) return foreignFrom(inspected, this.engine);
    const observed = observedFrom(inspected);
    if (observed.status !== "expired" && isOnOwnNetwork(observed.id, inspected))
      return { ...observed, status: exposed };
    if (observed.status !== "running") return observed;
    if (await this.explained(isUnwatched(inspected, this.engine, this.minute)))
      return { ...observed, status: unwatched };
    if (hasGateway(inspected.Config.Labels) && !(await this.isServed(observed.id)))
      return { ...observed, status: disconnected };
    return observed;
  }

  private isOld({ Created, Labels }: ContainerInfo): boolean {
    return isOverdue(this.engine.now() - Created * 1000, Labels, this.minute);
  }

  private isServed(id: string): Promise<boolean> {
    return this.explained(this.gateways.isServing(id));
  }

  protected explained<T>(request: Promise<T>): Promise<T> {
    return request.catch((error: unknown) => Promise.reject(explain(error, this.engine)));
  }
}
