import type { dynamic } from "@pulumi/pulumi";
import { type Backend, BackendError, type BackendKind } from "../backends/backend";
import { OpenedBackends } from "../backends/opened-backends";
import { readSettings, type Settings } from "../backends/settings";
import { check } from "../lifecycle/check";
import { create } from "../lifecycle/create";
import { remove } from "../lifecycle/delete";
import { type DiffReport, diff } from "../lifecycle/diff";
import { isFromState } from "../lifecycle/from-state";
import { warnOfIgnoredChanges } from "../lifecycle/ignored-changes";
import type { Journal } from "../lifecycle/journal/journal";
import { warnOfOrphans } from "../lifecycle/journal/orphans";
import { missingSettings } from "../lifecycle/missing-settings";
import { read } from "../lifecycle/read";
import { importedId, readForImport } from "../lifecycle/stock-import";
import { update } from "../lifecycle/update";
import type { BackendName } from "../model/container";
import { defined } from "../model/nulls";
import { type ContainerRecord, recordFrom } from "../model/record";
import { withSecretsMarked } from "../model/secret-marks";
import { CheckedResources, recordedInputs } from "./checked-resources";
import { presentably } from "./presentable-error";
import type { PulumiLog } from "./pulumi-log";

type Properties = Record<string, unknown>;

/** Takes Pulumi's calls, in the order of a run: each opens the container's backend, and runs its part of the lifecycle. */
export class ContainerProvider implements dynamic.ResourceProvider<Properties, Properties> {
  private config: (key: string) => string | undefined = () => undefined;
  private settings: Settings;
  private readonly ending = new AbortController();
  private readonly opened: OpenedBackends;
  private readonly running = new Set<Promise<unknown>>();
  private readonly checked = new CheckedResources();

  constructor(
    private readonly kinds: Record<BackendName, BackendKind>,
    private readonly log: PulumiLog,
    private readonly journal: Journal,
  ) {
    this.opened = new OpenedBackends(this.ending.signal);
    this.settings = readSettings(process.env, this.config, kinds);
  }

  async configure({ config }: dynamic.ConfigureRequest): Promise<void> {
    // Nothing is validated here: for an error of this call Pulumi ends only the first one after it, and goes on.
    this.config = (key) => config.get(key);
    this.settings = readSettings(process.env, this.config, this.kinds);
  }

  check(olds: Properties, news: Properties): Promise<dynamic.CheckResult<Properties>> {
    return this.call(async () => {
      const { __urn: urn, __secretArguments: secret, __stackSettings: inStack } = news;
      const earlier = this.checked.earlier(urn);
      const order = recordedInputs(olds, earlier);
      const secretArguments = Array.isArray(secret) ? secret.map(String) : [];
      const { kinds, settings } = this;
      const context = { order, secretArguments, defaultBackend: settings.backend, kinds };
      const { inputs, problems, warnings } = check(olds, news, context);
      this.checked.add(urn, { recordedInputs: order, inputs, secretArguments });

      const report = this.log.at(typeof urn === "string" ? urn : undefined);
      for (const { code, text } of warnings) report.warning(code, text);
      for (const { code, text } of this.opened.connectionWarnings(inputs["backend"], settings))
        report.runWarning(code, text);
      if (earlier && problems.length === 0)
        warnOfIgnoredChanges(earlier.inputs, inputs, earlier.secretArguments, report);

      const missing = missingSettings(inStack, process.env, this.config);
      const reasons = missing ? [missing.message, ...problems] : problems;
      // With a property's name in `property`, Pulumi would print its value, secrets in clear.
      const failures = reasons.map((reason) => ({ property: "", reason }));
      return { inputs: withSecretsMarked(defined(inputs)), failures };
    });
  }

  diff(id: string, olds: Properties, news: Properties): Promise<dynamic.DiffResult> {
    return this.call(async () => {
      const record = recordFrom(olds);
      this.settleEntries(id, record);
      const report = this.reportFor(record);
      if (record.__urn) await warnOfOrphans(record.__urn, this.journal, report);
      const checked = this.checked.of(record.__urn);
      return diff(id, record, news, {
        open: () => this.backendOf(record),
        checksLiveness: this.checksLiveness(),
        recordedInputs: checked?.recordedInputs,
        // An argument that was a secret is not quoted, although it is none any more.
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
      const { secretArguments: __secretArguments } = this.checked.of(record.__urn) ?? {};
      const requested = { ...inputs, __providerUrn: this.settings.provider, __secretArguments };
      const { id, outs } = await create(requested, { backend, journal, report, ending: ending.signal });
      return { id, outs: withSecretsMarked(outs) };
    });
  }

  read(id: string, props: Properties = {}): Promise<dynamic.ReadResult<Properties>> {
    return this.call(async () => {
      if (typeof props["__import"] === "string") return this.readForImport(props["__import"], props["__urn"]);
      const record = recordFrom(props);
      this.settleEntries(id, record);
      const missing = missingSettings(props["__stackSettings"], process.env, this.config);
      if (missing) throw missing;
      const found = await read(id, record, await this.backendOf(record), this.reportFor(record));
      return found.props && found.inputs
        ? { id, props: withSecretsMarked(found.props), inputs: withSecretsMarked(found.inputs) }
        : {};
    });
  }

  update(id: string, olds: Properties): Promise<dynamic.UpdateResult<Properties>> {
    return this.call(async () => {
      const record = { ...recordFrom(olds), __providerUrn: this.settings.provider };
      this.settleEntries(id, record);
      const outs = await update(id, record, await this.backendOf(record), this.reportFor(record));
      return { outs: withSecretsMarked(outs) };
    });
  }

  delete(id: string, props: Properties): Promise<void> {
    return this.call(async () => {
      const record = recordFrom(props);
      this.settleEntries(id, record);
      await remove(id, record, await this.backendOf(record), this.reportFor(record));
    });
  }

  /** For `pulumi import`, which the import plugin makes a read of an id and a URN. */
  private async readForImport(written: string, urn: unknown): Promise<dynamic.ReadResult<Properties>> {
    const { id, backend = this.settings.backend.value } = importedId(written);
    const report = this.log.at(typeof urn === "string" ? urn : undefined);
    return readForImport(id, urn, await this.opened.get(backend, this.settings), report);
  }

  /** Cancels calls that wait, and settles when those that have begun are done. */
  async end(): Promise<void> {
    this.ending.abort();
    // Pulumi stores what was answered before it ends its run, and nothing of what is answered after.
    if (this.running.size === 0) this.journal.end();
    await Promise.allSettled(this.running);
  }

  private call<T>(work: () => Promise<T>): Promise<T> {
    const call = presentably(work).finally(() => this.log.delivered());
    this.running.add(call);
    const forget = () => this.running.delete(call);
    call.then(forget, forget);
    return call;
  }

  /** A call from state shows that Pulumi has stored the container, so that its entries in the journal are settled. */
  private settleEntries(id: string, record: ContainerRecord): void {
    if (isFromState(record)) this.journal.settle(id);
  }

  private backendOf(record: ContainerRecord): Promise<Backend> {
    return this.opened.get(record.backend ?? this.settings.backend.value, this.settings);
  }

  private reportFor({ __urn: urn }: ContainerRecord): DiffReport {
    return this.log.at(this.checked.presentUrn(urn));
  }

  /** @throws BackendError */
  private checksLiveness(): boolean {
    const { value, source } = this.settings.liveness;
    if (value === "true" || value === "false") return value === "true";
    throw new BackendError("OC1101", `${source} is ${JSON.stringify(value)}`, "It must be true or false");
  }
}
