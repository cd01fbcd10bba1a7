// How a call goes through this folder: from here to sandbox/container-spec.ts (arguments to engine options, and back) and
// sandbox/start.ts; with an allow list to allowlist/gateways.ts. All send requests by the client that engine/engine.ts
// connected, and engine/engine-errors.ts turns the client's errors into BackendErrors.
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import type { ContainerInfo, ContainerInspectInfo } from "dockerode";
import type { Container } from "../../model/container";
import type { Observed } from "../../model/record";
import type { OpenAccount } from "../account-content";
import {
  type Activity,
  type Backend,
  type Candidate,
  type CreateContext,
  exposed,
  type Known,
  PartialCreateError,
  type PendingCreate,
  type Recorded,
  type Report,
  UnreachableError,
  unwatched,
} from "../backend";
import { Gateways } from "./allowlist/gateways";
import { type Rules, recordedRules, rulesOf } from "./allowlist/rules/rules";
import { copyContent } from "./content/copy-content";
import { contentOf, recordedContent, type SandboxContent } from "./content/sandbox-content";
import { ContainerListing, listLabelled } from "./engine/container-listing";
import type { Engine } from "./engine/engine";
import { explain } from "./engine/engine-errors";
import { failureStatus } from "./engine/failure";
import { removeContainer } from "./engine/remove-container";
import { requireLimits, warnOfLittleMemory } from "./engine/requirements";
import { assertRuntime, idleExpiryWarnings, requireRuntime } from "./engine/runtimes";
import { withSlowNotice } from "./engine/slow-notice";
import { ensureImage, presentImage } from "./images/ensure";
import { Candidates } from "./import/candidates";
import { foreignFrom, startForeign } from "./import/foreign";
import { activityOf, isOverdue, isUnwatched } from "./sandbox/activity";
import { containerSpec, imageOf, isSandbox, observedFrom } from "./sandbox/container-spec";
import { isOnOwnNetwork, removeOwnNetwork } from "./sandbox/earlier-release";
import { hasGateway, sandboxFilter } from "./sandbox/labels";
import { createLifeline } from "./sandbox/lifeline";
import { start } from "./sandbox/start";
import { defaultGatewayImage } from "./settings";

/** The status of a running sandbox with an allow list whose gateway does not run, or has no policy. */
const disconnected = "disconnected";

const concurrency = 10; // sandboxes that are inspected at a time: as many as keep an engine busy
const lateCreateMs = 10_000; // in which an engine completes a create whose client is gone

interface Options {
  /** The length of a sandbox's minute, in seconds: less than 60 in tests alone. */
  minute?: number;
  /** The image of the gateways of allow lists. */
  gatewayImage?: string;
  /** Opens the account of the API whose files and skills are copied into sandboxes. */
  openAccount?: OpenAccount;
}

/** Sandboxes on a Docker engine. Each call throws an UnreachableError where the engine does not respond. */
export class DockerBackend implements Backend {
  readonly name = "docker";
  readonly locationSettings = {
    environment: "DOCKER_HOST or DOCKER_CONTEXT",
    stack: "openai-containers:dockerHost",
  };
  readonly repairable = new Map([
    ["stopped", "starts it again, with its files"],
    [disconnected, "restarts its egress gateway; its processes keep running"],
  ]);
  private readonly listing: ContainerListing;
  private readonly gateways: Gateways;
  private readonly candidatesOfEngine: Candidates;
  private readonly imageIds = new Map<string, ReturnType<typeof presentImage>>();
  private readonly minute: number;
  private readonly openAccount: OpenAccount;

  constructor(
    private readonly engine: Engine,
    { minute = 60, gatewayImage = defaultGatewayImage, openAccount = noAccount }: Options = {},
  ) {
    this.minute = minute;
    this.openAccount = openAccount;
    this.listing = new ContainerListing(engine, sandboxFilter());
    this.gateways = new Gateways(engine, gatewayImage);
    this.candidatesOfEngine = new Candidates(engine, (inspected) => this.withActivity(inspected));
  }

  get location(): string {
    return this.engine.location;
  }

  /**
   * @throws BackendError where the engine cannot run such a sandbox, or refuses it; nothing of it is left then
   * @throws PartialCreateError where it could not be removed
   */
  async create(
    container: Container & { name: string },
    report: Report,
    { announce, nameIsDrawn }: CreateContext,
  ): Promise<Observed> {
    const { name } = container;
    const image = imageOf(container);
    const runtime = container.docker?.runtime;
    requireLimits(this.engine);
    requireRuntime(this.engine, runtime);
    const program = runtime === undefined ? this.engine.runtime : this.engine.runtimes.get(runtime);
    for (const { code, text } of idleExpiryWarnings(program)) report.warning(code, text);
    warnOfLittleMemory(this.engine, container, report);
    const content = await contentOf(container, this.openAccount, report);
    await ensureImage(this.engine, image, report);
    const rules = rulesOf(container);
    if (rules) await this.gateways.prepare(report, runtime);

    // The id is generated here, so that the sandbox can be found even if the engine's response is lost.
    const id = `cntr_${randomBytes(24).toString("hex")}`;
    announce(id);
    try {
      const allowList = rules && {
        allowedDomains: rules.policy.allowedDomains,
        placeholders: rules.placeholders,
      };
      const created = async () => {
        const spec = containerSpec(id, container, this.minute, allowList, this.engine.givesVolumesAway);
        const sandbox = await this.engine.client.createContainer(spec);
        const inspected = await sandbox.inspect();
        assertRuntime(this.engine, inspected, runtime);
        return this.begin(sandbox, inspected, rules, content, report);
      };
      return observedFrom(await this.reportingDelay(report, created()));
    } catch (error) {
      const failure = explain(error, this.engine, image);
      // An engine that did not respond may still complete the create.
      const isLate = failure instanceof UnreachableError;
      const removed = isLate ? this.removePending({ id, name, nameIsDrawn, time: Date.now() }) : this.delete(id);
      await removed.catch((cleanUp: Error) => {
        throw new PartialCreateError(id, failure, cleanUp);
      });
      throw failure;
    }
  }

  /**
   * Starts a sandbox, and connects it to its gateway, if it has one.
   * @param content of a sandbox that never ran
   */
  private async begin(
    sandbox: Docker.Container,
    inspected: ContainerInspectInfo,
    rules: Rules | undefined,
    content: SandboxContent | undefined,
    report: Report,
  ) {
    const begun = async () => {
      if (content) await copyContent(sandbox, content, report);
      if (rules && !inspected.State.Running) await createLifeline(sandbox);
      return start(sandbox);
    };
    const starting = begun();
    if (rules) await this.gateways.connect(sandbox, inspected, starting, rules);
    return starting;
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
  private async inspect(id: string, { createdAt }: Known = {}): Promise<ContainerInspectInfo | undefined> {
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

  /**
   * @throws BackendError where the sandbox or its gateway cannot be started, its content cannot be fetched, or state has no
   * record of its policy or content
   */
  async repair(id: string, recorded: Recorded, report: Report): Promise<Observed> {
    try {
      const sandbox = this.engine.client.getContainer(id);
      const inspected = await sandbox.inspect();
      if (!isSandbox(inspected)) return await this.reportingDelay(report, startForeign(sandbox, this.engine));
      const rules = hasGateway(inspected.Config.Labels) ? recordedRules(id, recorded, inspected) : undefined;
      if (rules) await this.gateways.prepare(report);
      // The folders of a sandbox that ran stay as its user left them.
      const neverRan = inspected.State.Status === "created";
      const content = neverRan ? await recordedContent(id, recorded, this.openAccount, report) : undefined;
      return observedFrom(await this.reportingDelay(report, this.begin(sandbox, inspected, rules, content, report)));
    } catch (error) {
      throw explain(error, this.engine);
    } finally {
      this.listing.forget(id);
    }
  }

  private reportingDelay<T>(report: Report, work: Promise<T>): Promise<T> {
    return withSlowNotice(report, `waiting for the Docker engine at ${this.engine.address}`, work);
  }

  /** @throws BackendError */
  async delete(id: string): Promise<void> {
    this.listing.forget(id);
    // Everything that may exist of it, and the gateway first, which has one of the sandbox's volumes.
    const removed = async () => {
      await this.gateways.remove(id);
      await removeContainer(this.engine, id);
      await removeOwnNetwork(this.engine, id);
    };
    await this.explained(removed());
  }

  /** @throws BackendError */
  async removePending({ id, time }: PendingCreate): Promise<string[]> {
    if (!id) return []; // no request was sent yet
    const age = Math.max(0, Date.now() - time); // unless the clock was set back since
    const end = performance.now() + lateCreateMs - age;
    while (!(await this.inspect(id)) && performance.now() < end) await sleep(500);
    await this.delete(id);
    return [];
  }

  private explained<T>(request: Promise<T>): Promise<T> {
    return request.catch((error: unknown) => Promise.reject(explain(error, this.engine)));
  }
}

/** For backends that create and repair nothing, as those of commands. */
const noAccount: OpenAccount = () => Promise.reject(new Error("This backend was opened without an account of the API"));
