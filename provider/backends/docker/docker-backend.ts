// How a call goes through this folder: from here (what only reads is in docker-reads.ts) to sandbox/container-spec.ts
// (arguments to engine options, and back) and sandbox/start.ts; with an allow list to allowlist/gateways.ts. All send requests
// by the client that engine/engine.ts connected, and engine/engine-errors.ts turns the client's errors into BackendErrors.
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import type { ContainerInspectInfo } from "dockerode";
import type { Container } from "../../model/container";
import type { Observed } from "../../model/record";
import type { OpenAccount } from "../account-content";
import {
  type Backend,
  type CreateContext,
  PartialCreateError,
  type PendingCreate,
  type Recorded,
  type Report,
  UnreachableError,
} from "../backend";
import { Gateways } from "./allowlist/gateways";
import { type Rules, recordedRules, rulesOf } from "./allowlist/rules/rules";
import { copyContent } from "./content/copy-content";
import { contentOf, noContent, recordedContent, type SandboxContent } from "./content/sandbox-content";
import { DockerReads, disconnected } from "./docker-reads";
import type { Engine } from "./engine/engine";
import { explain } from "./engine/engine-errors";
import { removeContainer } from "./engine/remove-container";
import { requireLimits, warnOfLittleMemory } from "./engine/requirements";
import { assertRuntime, idleExpiryWarnings, requireRuntime } from "./engine/runtimes";
import { withSlowNotice } from "./engine/slow-notice";
import { ensureImage } from "./images/ensure";
import { startForeign } from "./import/foreign";
import { containerSpec, imageOf, isSandbox, observedFrom } from "./sandbox/container-spec";
import { removeOwnNetwork } from "./sandbox/earlier-release";
import { hasGateway } from "./sandbox/labels";
import { createLifeline } from "./sandbox/lifeline";
import { start } from "./sandbox/start";
import { defaultGatewayImage } from "./settings";
import { sandboxesAtATime, Turns } from "./turns";

const lateCreateMs = 10_000; // in which an engine completes a create whose client is gone

interface Options {
  /** The length of a sandbox's minute, in seconds: less than 60 in tests alone. */
  minute?: number;
  /** The image of the gateways of allow lists. */
  gatewayImage?: string;
  /** Opens the account of the API whose files and skills are copied into sandboxes. */
  openAccount?: OpenAccount;
  /** Aborted when Pulumi shuts down. */
  ending?: AbortSignal;
}

/** Sandboxes on a Docker engine. Each call throws an UnreachableError where the engine does not respond. */
export class DockerBackend extends DockerReads implements Backend {
  readonly name = "docker";
  readonly locationSettings = {
    environment: "DOCKER_HOST or DOCKER_CONTEXT",
    stack: "openai-containers:dockerHost",
  };
  readonly repairable = new Map([
    ["stopped", "starts it again, with its files"],
    [disconnected, "restarts its egress gateway; its processes keep running"],
  ]);
  private readonly openAccount: OpenAccount;
  private readonly turns: Turns;

  constructor(
    engine: Engine,
    { minute = 60, gatewayImage = defaultGatewayImage, openAccount = noAccount, ending = never }: Options = {},
  ) {
    super(engine, new Gateways(engine, gatewayImage), minute);
    this.openAccount = openAccount;
    this.turns = new Turns(engine, ending);
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
    const { content, rules } = await this.prepared(container, report);
    // The id is generated here, so that the sandbox can be found even if the engine's response is lost.
    const id = `cntr_${randomBytes(24).toString("hex")}`;
    let begun = false;
    try {
      const created = async () => {
        begun = true;
        announce(id);
        const sandbox = await this.createdSandbox(id, container, rules);
        const inspected = await sandbox.inspect();
        assertRuntime(this.engine, inspected, container.docker?.runtime);
        return this.begin(sandbox, inspected, rules, content, report);
      };
      return observedFrom(await this.inTurn(report, created, content));
    } catch (error) {
      const failure = explain(error, this.engine, imageOf(container));
      if (!begun) throw failure;
      // An engine that did not respond may still complete the create.
      const isLate = failure instanceof UnreachableError;
      const removed = isLate
        ? this.removePending({ id, name: container.name, nameIsDrawn, time: Date.now() })
        : this.delete(id);
      await removed.catch((cleanUp: Error) => {
        throw new PartialCreateError(id, failure, cleanUp);
      });
      throw failure;
    }
  }

  /**
   * What the sandbox needs, before anything of it is on the engine.
   * @throws BackendError where the engine cannot run such a sandbox, or something that it needs cannot be had
   */
  private async prepared(container: Container, report: Report) {
    const runtime = container.docker?.runtime;
    requireLimits(this.engine);
    requireRuntime(this.engine, runtime);
    const program = runtime === undefined ? this.engine.runtime : this.engine.runtimes.get(runtime);
    for (const { code, text } of idleExpiryWarnings(program)) report.warning(code, text);
    warnOfLittleMemory(this.engine, container, report);
    const content = await contentOf(container, this.openAccount, report);
    await ensureImage(this.engine, imageOf(container), report);
    const rules = rulesOf(container);
    if (rules) await this.gateways.prepare(report, runtime);
    return { content, rules };
  }

  private createdSandbox(id: string, container: Container & { name: string }, rules: Rules | undefined) {
    const allowList = rules && { allowedDomains: rules.policy.allowedDomains, placeholders: rules.placeholders };
    const spec = containerSpec(id, container, this.minute, allowList, this.engine.givesVolumesAway);
    return this.engine.client.createContainer(spec);
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

  /**
   * @throws BackendError where the sandbox or its gateway cannot be started, its content cannot be fetched, or state has no
   * record of its policy or content
   */
  async repair(id: string, recorded: Recorded, report: Report): Promise<Observed> {
    try {
      const sandbox = this.engine.client.getContainer(id);
      const inspected = await sandbox.inspect();
      if (!isSandbox(inspected)) return await this.inTurn(report, () => startForeign(sandbox, this.engine));
      const rules = hasGateway(inspected.Config.Labels) ? recordedRules(id, recorded, inspected) : undefined;
      if (rules) await this.gateways.prepare(report);
      // The folders of a sandbox that ran stay as its user left them.
      const neverRan = inspected.State.Status === "created";
      const content = neverRan ? await recordedContent(id, recorded, this.openAccount, report) : undefined;
      const repaired = () => this.begin(sandbox, inspected, rules, content, report);
      return observedFrom(await this.inTurn(report, repaired, content));
    } catch (error) {
      throw explain(error, this.engine);
    } finally {
      this.listing.forget(id);
    }
  }

  /**
   * Creates or starts a sandbox in its turn: a gateway ends by itself if its policy does not follow in time, as it would not
   * among hundreds. Files come from the API while the engine gets them, so that either may be what takes long.
   */
  private inTurn<T>(report: Report, work: () => Promise<T>, content = noContent): Promise<T> {
    const { address } = this.engine;
    const what = content.files.length > 0 ? "copying files to" : "waiting for";
    return this.turns.run(
      () => withSlowNotice(report, `${what} the Docker engine at ${address}`, work()),
      (turn) => withSlowNotice(report, `waiting for others: ${sandboxesAtATime} at a time on ${address}`, turn),
    );
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
    await this.explained(this.turns.run(removed));
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
}

const never = new AbortController().signal;

/** For backends that create and repair nothing, as those of commands. */
const noAccount: OpenAccount = () => Promise.reject(new Error("This backend was opened without an account of the API"));
