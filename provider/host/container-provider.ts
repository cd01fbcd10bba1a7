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
import { adoptedOutputs } from "../lifecycle/import/adopt";
import { HeldContainers } from "../lifecycle/import/held-containers";
import { importedId, readForImport } from "../lifecycle/import/read-for-import";
import { withProgramValues } from "../lifecycle/import/unreported";
import { assertSameImport, importEnds, importedAsItIs, verifyImport } from "../lifecycle/import/verify";
import type { Journal } from "../lifecycle/journal/journal";
import { warnOfOrphans } from "../lifecycle/journal/orphans";
import { newSecretLines } from "../lifecycle/list-changes";
import { missingSettings } from "../lifecycle/missing-settings";
import { read } from "../lifecycle/read";
import { update } from "../lifecycle/update";
import type { BackendName } from "../model/container";
import { defined } from "../model/nulls";
import { type ContainerRecord, recordFrom } from "../model/record";
import { withSecretsMarked } from "../model/secret-marks";
import { unknownValue } from "../model/unknowns";
import { nameOf } from "../model/urn";
import { skillProblems } from "../skills/check-skills";
import { type CheckedResource, CheckedResources, recordedInputs } from "./checked-resources";
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
  private readonly held = new HeldContainers();

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
      const { __urn: urn, __stackSettings: inStack } = news;
      const earlier = this.checked.earlier(urn);
      const order = recordedInputs(olds, earlier);
      const { secretArguments, importId } = hiddenIn(news);
      const { kinds, settings } = this;
      const context = { order, secretArguments, defaultBackend: settings.backend, kinds };
      const { inputs, problems: ofArguments, warnings } = check(olds, news, context);
      const areSecret = secretArguments.includes("skills");
      const problems = [...ofArguments, ...(await skillProblems(inputs["skills"], olds["skills"], areSecret))];
      const resource: CheckedResource = { recordedInputs: order, inputs, secretArguments, importId };
      this.checked.add(urn, resource);

      const report = this.log.at(typeof urn === "string" ? urn : undefined);
      for (const { code, text } of warnings) report.warning(code, text);
      for (const { code, text } of this.opened.connectionWarnings(inputs["backend"], settings))
        report.runWarning(code, text);
      if (earlier) {
        this.held.release(String(urn)); // a replacement is checked twice
        if (problems.length === 0) warnOfIgnoredChanges(earlier.inputs, inputs, earlier.secretArguments, report);
      }

      const missing = missingSettings(inStack, process.env, this.config);
      const reasons = missing ? [missing.message, ...problems] : problems;
      if (reasons.length === 0) reasons.push(...(await this.announceNew(String(urn), resource, report)));
      // With a property's name in `property`, Pulumi would print its value, secrets in clear.
      const failures = reasons.map((reason) => ({ property: "", reason }));
      return { inputs: withSecretsMarked(defined(inputs)), failures };
    });
  }

  diff(id: string, olds: Properties, news: Properties): Promise<dynamic.DiffResult> {
    return this.call(async () => {
      const record = recordFrom(withUrn(olds, news));
      this.settleEntries(id, record);
      const report = this.reportFor(record);
      if (record.__urn) await warnOfOrphans(record.__urn, this.journal, report);
      const checked = this.checked.of(record.__urn);
      const urn = this.checked.presentUrn(record.__urn);
      // A refresh checks nothing: what it reads may be deleted in the same run, as in `up --refresh`.
      if (urn && checked) this.held.claim(id, urn);
      assertSameImport(id, record.__import, checked?.importId);
      const answer = await diff(id, record, news, {
        open: () => this.backendOf(record),
        checksLiveness: this.checksLiveness(),
        recordedInputs: checked?.recordedInputs,
        // An argument that was a secret is not quoted, although it is none any more.
        secretArguments: [...(checked?.secretArguments ?? []), ...(record.__secretArguments ?? [])],
        provider: this.settings.provider,
        report,
      });
      if (answer.replaces?.length && checked?.importId !== undefined) report.warning("OC2407", importEnds(id));
      return answer;
    });
  }

  create(inputs: Properties): Promise<dynamic.CreateResult<Properties>> {
    return this.call(async () => {
      const record = recordFrom(inputs);
      const { journal, ending } = this;
      const backend = await this.backendOf(record);
      const report = this.reportFor(record);
      const { secretArguments: __secretArguments, imported } = this.checked.of(record.__urn) ?? {};
      const requested = { ...inputs, __providerUrn: this.settings.provider, __secretArguments };
      if (imported && record.__urn) this.held.claim(imported.observed.id, record.__urn);
      const { id, outs } = imported
        ? { id: imported.observed.id, outs: adoptedOutputs(imported, requested, backend) }
        : await create(requested, { backend, journal, report, ending: ending.signal });
      return { id, outs: withSecretsMarked(outs) };
    });
  }

  read(id: string, props: Properties = {}): Promise<dynamic.ReadResult<Properties>> {
    return this.call(async () => {
      const record = recordFrom(props);
      if (record.__import !== undefined && !isFromState(record)) return this.readForImport(record.__import, record);
      this.settleEntries(id, record);
      const missing = missingSettings(props["__stackSettings"], process.env, this.config);
      if (missing) throw missing;
      const found = await read(id, record, await this.backendOf(record), this.reportFor(record));
      if (!found.props) return {};
      const inputs = found.inputs && { inputs: withSecretsMarked(found.inputs) };
      return { id, props: withSecretsMarked(found.props), ...inputs };
    });
  }

  update(id: string, olds: Properties, news: Properties): Promise<dynamic.UpdateResult<Properties>> {
    return this.call(async () => {
      const given = withProgramValues(recordFrom(withUrn(olds, news)), news, undefined);
      const record = { ...given, __unreported: undefined, __providerUrn: this.settings.provider };
      this.settleEntries(id, record);
      const outs = await update(id, record, await this.backendOf(record), this.reportFor(record));
      return { outs: withSecretsMarked(outs) };
    });
  }

  delete(id: string, props: Properties): Promise<void> {
    return this.call(async () => {
      const record = recordFrom(props);
      this.settleEntries(id, record);
      const report = this.reportFor(record);
      const holder = this.held.holderOf(id);
      if (holder !== undefined) {
        report.warning("OC2408", `container ${id} is kept: in this run ${nameOf(holder)} has it`);
        return;
      }
      this.held.delete(id);
      await remove(id, record, await this.backendOf(record), report);
    });
  }

  /** Reads the container of `pulumi import TYPE NAME ID`, which the import plugin passes on with a URN. */
  private async readForImport(written: string, record: ContainerRecord): Promise<dynamic.ReadResult<Properties>> {
    const { id, backend = this.settings.backend.value } = importedId(written);
    const opened = await this.opened.get(backend, this.settings);
    return readForImport(id, record, opened, this.reportFor(record));
  }

  /**
   * Says what a new resource will have: domain secrets, or the container that it imports. That is read here, so that a
   * preview fails where the import would.
   * @returns the reasons why it cannot be imported
   */
  private async announceNew(urn: string, resource: CheckedResource, report: DiffReport): Promise<string[]> {
    const { recordedInputs, inputs, secretArguments, importId: id } = resource;
    if (Object.keys(recordedInputs).length > 0) return [];
    if (id === undefined) {
      for (const line of newSecretLines(inputs, secretArguments)) report.info(line);
      return [];
    }
    const { backend: name } = inputs;
    if (name === unknownValue) {
      report.info(`imports ${id}, which is verified in the update: its backend is not known yet`);
      return [];
    }
    try {
      const backend = await this.opened.get(String(name), this.settings);
      const imported = await verifyImport({ id, inputs, secretArguments }, backend, report);
      const { observed, missing } = imported;
      this.held.claim(observed.id, urn);
      resource.imported = imported;
      report.info(`imports ${observed.id} (${observed.status}, ${observed.memoryLimit ?? "memory not reported"})`);
      if (missing.length > 0) report.warning("OC2409", importedAsItIs(observed.id, missing));
      return [];
    } catch (error) {
      if (error instanceof BackendError) return [error.message];
      throw error;
    }
  }

  /** Cancels calls that wait, and settles when those that have begun are done. */
  async end(): Promise<void> {
    // Pulumi stores what was answered before it ends its run, and nothing of what is answered after.
    if (this.running.size === 0) this.journal.end();
    await this.abandon();
  }

  /** The same where Pulumi is gone, which may not have stored the last answers. */
  async abandon(): Promise<void> {
    this.ending.abort();
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

/** The outputs in state, which have no URN of a container that `pulumi import` brought in by a file. */
function withUrn(olds: Properties, { __urn }: Properties): Properties {
  return { ...(__urn !== undefined && { __urn }), ...olds };
}

/** The hidden inputs by which the class reports facts about its program. */
function hiddenIn({ __secretArguments: secret, __import: id }: Properties) {
  return {
    secretArguments: Array.isArray(secret) ? secret.map(String) : [],
    importId: typeof id === "string" ? id : undefined,
  };
}
