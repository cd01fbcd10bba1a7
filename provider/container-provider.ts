import type { dynamic } from "@pulumi/pulumi";
import { type Backend, BackendError, type BackendKind, type Report } from "./backends/backend";
import { readSettings, type Settings } from "./config";
import { check } from "./lifecycle/check";
import { create } from "./lifecycle/create";
import { remove } from "./lifecycle/delete";
import { diff } from "./lifecycle/diff";
import type { Journal } from "./lifecycle/journal";
import { tellOfLeftOver } from "./lifecycle/left-over";
import { read } from "./lifecycle/read";
import { update } from "./lifecycle/update";
import type { BackendName } from "./model/container";
import { type ContainerRecord, defined, recordFrom } from "./model/record";
import { OpenedBackends } from "./opened-backends";
import { presentably } from "./presentable-error";
import type { PulumiLog } from "./pulumi-log";

type Properties = Record<string, unknown>;

/** Pulumi's face: takes its calls, opens the backend that each is about, and hands it to the lifecycle. */
export class ContainerProvider implements dynamic.ResourceProvider<Properties, Properties> {
  private settings: Settings = readSettings(process.env, () => undefined);
  private readonly ending = new AbortController();
  private readonly opened: OpenedBackends;
  private readonly running = new Set<Promise<unknown>>();
  /** A container that moved in the program keeps its first URN in state; messages go to the one it has now. */
  private readonly movedTo = new Map<string, string>();
  /** The inputs in state by URN, as checks brought them: Pulumi checks them before it plans anything, and a refresh does not. */
  private readonly checked = new Map<unknown, Properties>();

  constructor(
    private readonly kinds: Record<BackendName, BackendKind>,
    private readonly log: PulumiLog,
    private readonly journal: Journal,
  ) {
    this.opened = new OpenedBackends(kinds, this.ending.signal);
  }

  async configure({ config }: dynamic.ConfigureRequest): Promise<void> {
    // Nothing is judged here: for an error of this call Pulumi ends only the first one after it, and goes on.
    this.settings = readSettings(process.env, (key) => config.get(key));
  }

  /** Gives up what waits its turn, and settles when what is under way has come to its end. */
  async end(): Promise<void> {
    this.ending.abort();
    // Pulumi stores what was answered before it ends its run, and nothing of what is answered after.
    if (this.running.size === 0) this.journal.end();
    await Promise.allSettled(this.running);
  }

  check(olds: Properties, news: Properties): Promise<dynamic.CheckResult<Properties>> {
    return this.call(async () => {
      const { inputs, problems, warnings } = check(olds, news, this.settings.backend, this.kinds);
      this.checked.set(inputs["__urn"], olds);
      this.rememberMove(inputs["__urn"], news["__urn"]);
      const { __urn: urn } = inputs;
      for (const warning of warnings) this.log.at(typeof urn === "string" ? urn : undefined).warning(warning);
      // With a property's name in `property`, Pulumi would print its value, secrets in clear.
      return { inputs: defined(inputs), failures: problems.map((reason) => ({ property: "", reason })) };
    });
  }

  diff(id: string, olds: Properties, news: Properties): Promise<dynamic.DiffResult> {
    return this.call(async () => {
      const record = this.recordOf(id, olds);
      const report = this.reportFor(record);
      if (record.__urn) await tellOfLeftOver(record.__urn, this.journal, report);
      const open = () => this.backendOf(record);
      const recordedInputs = this.checked.get(record.__urn);
      return diff(id, record, news, { open, isLooking: this.isLooking(), recordedInputs, report });
    });
  }

  create(inputs: Properties): Promise<dynamic.CreateResult<Properties>> {
    return this.call(async () => {
      const record = recordFrom(inputs);
      const { journal, ending } = this;
      const backend = await this.backendOf(record);
      return create(inputs, { backend, journal, report: this.reportFor(record), ending: ending.signal });
    });
  }

  read(id: string, props: Properties = {}): Promise<dynamic.ReadResult<Properties>> {
    return this.call(async () => {
      const record = this.recordOf(id, props);
      return read(id, record, await this.backendOf(record), this.reportFor(record));
    });
  }

  update(id: string, olds: Properties): Promise<dynamic.UpdateResult<Properties>> {
    return this.call(async () => {
      const record = this.recordOf(id, olds);
      return { outs: await update(id, record, await this.backendOf(record), this.reportFor(record)) };
    });
  }

  delete(id: string, props: Properties): Promise<void> {
    return this.call(async () => {
      const record = this.recordOf(id, props);
      await remove(id, record, await this.backendOf(record), this.reportFor(record));
    });
  }

  /** What state holds of a container; that it does is news to the journal. A `get` hands over inputs only. */
  private recordOf(id: string, state: Properties): ContainerRecord {
    const record = recordFrom(state);
    if (record.createdAt !== undefined) this.journal.stored(id);
    return record;
  }

  private call<T>(work: () => Promise<T>): Promise<T> {
    const call = presentably(work).finally(() => this.log.delivered());
    this.running.add(call);
    const forget = () => this.running.delete(call);
    call.then(forget, forget);
    return call;
  }

  private backendOf(record: ContainerRecord): Promise<Backend> {
    return this.opened.get(record.backend ?? this.settings.backend.value, this.settings);
  }

  private isLooking(): boolean {
    const { value, source } = this.settings.liveness;
    if (value === "true" || value === "false") return value === "true";
    throw new BackendError(`${source} is ${JSON.stringify(value)}`, "It must be true or false");
  }

  private reportFor({ __urn: urn }: ContainerRecord): Report {
    return this.log.at(urn && (this.movedTo.get(urn) ?? urn));
  }

  private rememberMove(kept: unknown, current: unknown): void {
    if (typeof kept === "string" && typeof current === "string") this.movedTo.set(kept, current);
  }
}
