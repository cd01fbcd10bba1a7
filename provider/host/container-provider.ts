import type { dynamic } from "@pulumi/pulumi";
import { type Backend, BackendError, type BackendKind } from "../backends/backend";
import { OpenedBackends } from "../backends/opened-backends";
import { readSettings, type Settings } from "../backends/settings";
import { check } from "../lifecycle/check";
import { create } from "../lifecycle/create";
import { remove } from "../lifecycle/delete";
import { type DiffReport, diff } from "../lifecycle/diff";
import { ignoredChanges } from "../lifecycle/ignored-changes";
import type { Journal } from "../lifecycle/journal/journal";
import { warnOfOrphans } from "../lifecycle/journal/orphans";
import { read } from "../lifecycle/read";
import { unreachedSettings } from "../lifecycle/unreached-settings";
import { update } from "../lifecycle/update";
import type { BackendName } from "../model/container";
import { defined } from "../model/nulls";
import { type ContainerRecord, recordFrom } from "../model/record";
import { withSecretsMarked } from "../model/secret-marks";
import { presentably } from "./presentable-error";
import type { PulumiLog } from "./pulumi-log";

type Properties = Record<string, unknown>;

interface CheckedResource {
  /** Empty of a new container. */
  recordedInputs: Properties;
  /** As this check left them. */
  inputs: Properties;
  /** The arguments that the program made secret. */
  secretArguments: string[];
}

/** Pulumi's face: takes its calls, opens the backend that each is about, and hands it to the lifecycle. */
export class ContainerProvider implements dynamic.ResourceProvider<Properties, Properties> {
  private config: (key: string) => string | undefined = () => undefined;
  private settings: Settings;
  private readonly ending = new AbortController();
  private readonly opened: OpenedBackends;
  private readonly running = new Set<Promise<unknown>>();
  /** A container that moved in the program keeps its first URN in state; messages go to the one it has now. */
  private readonly movedTo = new Map<string, string>();
  /** What this run has checked, by URN. Pulumi checks a resource before it plans anything for it, and not in a refresh. */
  private readonly checked = new Map<unknown, CheckedResource>();

  constructor(
    private readonly kinds: Record<BackendName, BackendKind>,
    private readonly log: PulumiLog,
    private readonly journal: Journal,
  ) {
    this.opened = new OpenedBackends(this.ending.signal);
    this.settings = readSettings(process.env, this.config, kinds);
  }

  async configure({ config }: dynamic.ConfigureRequest): Promise<void> {
    // Nothing is judged here: for an error of this call Pulumi ends only the first one after it, and goes on.
    this.config = (key) => config.get(key);
    this.settings = readSettings(process.env, this.config, this.kinds);
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
      const { __urn: current, __secretArguments: secret } = news;
      const before = this.checked.get(current);
      // At a replacement Pulumi checks a second time and hands over no olds, and shows positions of the first check with
      // values of the second: so both must give one order.
      const order = Object.keys(olds).length > 0 ? olds : (before?.recordedInputs ?? {});
      const secretArguments = Array.isArray(secret) ? secret.map(String) : [];
      const { kinds, settings } = this;
      const context = { order, secretArguments, defaultBackend: settings.backend, kinds };
      const { inputs, problems, warnings } = check(olds, news, context);
      this.checked.set(current, { recordedInputs: order, inputs, secretArguments });
      this.rememberMove(inputs["__urn"], current);
      const report = this.log.at(typeof current === "string" ? current : undefined);
      for (const { code, text } of warnings) report.warning(code, text);
      this.warnOfWay(inputs["backend"], report);
      if (before && problems.length === 0) warnOfIgnored(before, inputs, report);
      const unreached = unreachedSettings(news["__stackSettings"], process.env, this.config);
      const reasons = unreached === undefined ? problems : [unreached, ...problems];
      // With a property's name in `property`, Pulumi would print its value, secrets in clear.
      const failures = reasons.map((reason) => ({ property: "", reason }));
      return { inputs: withSecretsMarked(defined(inputs)), failures };
    });
  }

  diff(id: string, olds: Properties, news: Properties): Promise<dynamic.DiffResult> {
    return this.call(async () => {
      const record = this.recordOf(id, olds);
      const report = this.reportFor(record);
      if (record.__urn) await warnOfOrphans(record.__urn, this.journal, report);
      const open = () => this.backendOf(record);
      const checked = this.checked.get(this.currentUrn(record.__urn));
      return diff(id, record, news, {
        open,
        isLooking: this.isLooking(),
        recordedInputs: checked?.recordedInputs,
        // What was a secret is none to quote, although it is none any more.
        secretArguments: [...(checked?.secretArguments ?? []), ...(record.__secretArguments ?? [])],
        provider: this.settings.provider,
        report,
      });
    });
  }

  create(inputs: Properties): Promise<dynamic.CreateResult<Properties>> {
    return this.call(async () => {
      const record = recordFrom(inputs);
      const { journal, ending } = this;
      const backend = await this.backendOf(record);
      const report = this.reportFor(record);
      const { secretArguments: __secretArguments } = this.checked.get(this.currentUrn(record.__urn)) ?? {};
      const asked = { ...inputs, __providerUrn: this.settings.provider, __secretArguments };
      const created = await create(asked, { backend, journal, report, ending: ending.signal });
      return { id: created.id, outs: withSecretsMarked(created.outs) };
    });
  }

  read(id: string, props: Properties = {}): Promise<dynamic.ReadResult<Properties>> {
    return this.call(async () => {
      const record = this.recordOf(id, props);
      const unreached = unreachedSettings(props["__stackSettings"], process.env, this.config);
      if (unreached !== undefined) throw new BackendError("OC0000", `Container ${id} cannot be read`, unreached);
      const found = await read(id, record, await this.backendOf(record), this.reportFor(record));
      return found.props && found.inputs
        ? { id, props: withSecretsMarked(found.props), inputs: withSecretsMarked(found.inputs) }
        : {};
    });
  }

  update(id: string, olds: Properties): Promise<dynamic.UpdateResult<Properties>> {
    return this.call(async () => {
      const record = this.recordOf(id, olds);
      const outs = await update(
        id,
        { ...record, __providerUrn: this.settings.provider },
        await this.backendOf(record),
        this.reportFor(record),
      );
      return { outs: withSecretsMarked(outs) };
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

  private warnOfWay(backend: unknown, report: DiffReport): void {
    for (const { code, text } of this.opened.connectionWarnings(backend, this.settings)) report.runWarning(code, text);
  }

  private isLooking(): boolean {
    const { value, source } = this.settings.liveness;
    if (value === "true" || value === "false") return value === "true";
    throw new BackendError("OC0000", `${source} is ${JSON.stringify(value)}`, "It must be true or false");
  }

  private reportFor({ __urn: urn }: ContainerRecord): DiffReport {
    return this.log.at(this.currentUrn(urn));
  }

  private currentUrn(urn: string | undefined): string | undefined {
    return urn && (this.movedTo.get(urn) ?? urn);
  }

  private rememberMove(kept: unknown, current: unknown): void {
    if (typeof kept === "string" && typeof current === "string") this.movedTo.set(kept, current);
  }
}

function warnOfIgnored({ inputs: planned, secretArguments }: CheckedResource, taken: Properties, report: DiffReport) {
  const { changed, lines } = ignoredChanges(planned, taken, secretArguments);
  if (changed.length === 0) return;
  report.warning(
    "OC0000",
    `ignoreChanges does not hold for a replacement: it takes ${changed.join(", ")} from the program`,
  );
  for (const line of lines) report.info(line);
}
