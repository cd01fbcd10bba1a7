import type { dynamic } from "@pulumi/pulumi";
import { type Backend, BackendError, type BackendKind, type Report } from "./backends/backend";
import { readSettings, type Settings } from "./config";
import { check } from "./lifecycle/check";
import { create } from "./lifecycle/create";
import { remove } from "./lifecycle/delete";
import { diff } from "./lifecycle/diff";
import { read } from "./lifecycle/read";
import { update } from "./lifecycle/update";
import { type BackendName, backendNames, isBackendName } from "./model/container";
import { type ContainerRecord, defined, recordFrom } from "./model/record";
import { presentably } from "./presentable-error";
import type { PulumiLog } from "./pulumi-log";

type Properties = Record<string, unknown>;

/** Pulumi's face: takes its calls, opens the backend that each is about, and hands it to the lifecycle. */
export class ContainerProvider implements dynamic.ResourceProvider<Properties, Properties> {
  private settings: Settings = readSettings(process.env, () => undefined);
  private readonly opened = new Map<BackendName, Promise<Backend>>();
  /** A container that moved in the program keeps its first URN in state; messages go to the one it has now. */
  private readonly movedTo = new Map<string, string>();

  constructor(
    private readonly kinds: Record<BackendName, BackendKind>,
    private readonly log: PulumiLog,
  ) {}

  async configure({ config }: dynamic.ConfigureRequest): Promise<void> {
    // Nothing is judged here: for an error of this call Pulumi ends only the first one after it, and goes on.
    this.settings = readSettings(process.env, (key) => config.get(key));
  }

  check(olds: Properties, news: Properties): Promise<dynamic.CheckResult<Properties>> {
    return presentably(async () => {
      const { inputs, problems } = check(olds, news, this.settings.backend, this.kinds);
      this.rememberMove(inputs["__urn"], news["__urn"]);
      // With a property's name in `property`, Pulumi would print its value, secrets in clear.
      return { inputs: defined(inputs), failures: problems.map((reason) => ({ property: "", reason })) };
    });
  }

  diff(id: string, olds: Properties, news: Properties): Promise<dynamic.DiffResult> {
    return presentably(async () => {
      const record = recordFrom(olds);
      return diff(id, record, news, () => this.backendOf(record), this.reportFor(record));
    });
  }

  create(inputs: Properties): Promise<dynamic.CreateResult<Properties>> {
    return presentably(async () => {
      const record = recordFrom(inputs);
      return create(inputs, await this.backendOf(record), this.reportFor(record));
    });
  }

  read(id: string, props: Properties = {}): Promise<dynamic.ReadResult<Properties>> {
    return presentably(async () => {
      const record = recordFrom(props);
      return read(id, record, await this.backendOf(record));
    });
  }

  update(id: string, olds: Properties): Promise<dynamic.UpdateResult<Properties>> {
    return presentably(async () => {
      const record = recordFrom(olds);
      return { outs: await update(id, record, await this.backendOf(record)) };
    });
  }

  delete(id: string, props: Properties): Promise<void> {
    return presentably(async () => {
      const record = recordFrom(props);
      await remove(id, record, await this.backendOf(record));
    });
  }

  private backendOf(record: ContainerRecord): Promise<Backend> {
    const name = record.backend ?? this.settings.backend.value;
    if (!isBackendName(name))
      throw new BackendError(`There is no backend ${JSON.stringify(name)}`, `It must be ${backendNames.join(" or ")}`);
    let backend = this.opened.get(name);
    if (!backend) {
      backend = this.kinds[name].open(this.settings);
      this.opened.set(name, backend);
      // Not remembered: whatever was wrong fails each call that meets it, until it is mended.
      backend.catch(() => this.opened.delete(name));
    }
    return backend;
  }

  private reportFor({ __urn: urn }: ContainerRecord): Report {
    return this.log.at(urn && (this.movedTo.get(urn) ?? urn));
  }

  private rememberMove(kept: unknown, current: unknown): void {
    if (typeof kept === "string" && typeof current === "string") this.movedTo.set(kept, current);
  }
}
