import type { Container } from "../../model/container";
import type { Observed } from "../../model/record";
import { type Backend, BackendError, type Known, type Making, type Report, type Unfinished } from "../backend";
import type { ContainersApi } from "./containers-api";
import { createOnce } from "./create-once";
import { madeSince } from "./made-since";
import { Snapshot } from "./snapshot";
import { type ContainerAnswer, createBody, observedFrom } from "./wire";

/** The containers of one account of the hosted API, or of a service that speaks it. */
export class OpenAIBackend implements Backend {
  readonly name = "openai";
  readonly mends: readonly string[] = [];
  private readonly snapshot: Snapshot;
  private readonly answered = new Set<string>();

  constructor(
    private readonly api: ContainersApi,
    readonly location: string,
    private readonly ending: AbortSignal,
    private readonly looks: readonly number[],
  ) {
    this.snapshot = new Snapshot(api);
  }

  async create(
    container: Container & { name: string },
    report: Report,
    { nameIsDrawn, announce }: Making,
  ): Promise<Observed> {
    const { api, answered, looks, ending } = this;
    const circumstances = { api, nameIsDrawn, answered, looks, ending };
    const answer = await createOnce(createBody(container), circumstances, report);
    announce(answer.id);
    answered.add(answer.id);
    return this.observed(answer);
  }

  async observe(id: string, { name, createdAt, project }: Known, report: Report): Promise<Observed | undefined> {
    const listed = createdAt === undefined ? undefined : await this.snapshot.find(id, createdAt, name, report);
    // Lists lag: one GET confirms that what they miss is gone.
    const answer = listed ?? (await this.api.retrieve(id, report));
    if (!answer) this.assertSameProject(id, project);
    return answer && answer.status !== "deleted" ? this.observed(answer) : undefined;
  }

  /** Nothing of a hosted container can be mended; it is as it is told. */
  async repair(id: string, known: Known, report: Report): Promise<Observed> {
    const observed = await this.observe(id, known, report);
    if (!observed) throw new BackendError(`Container ${id} is gone`, "Run the same command again to have it replaced");
    return observed;
  }

  async delete(id: string, { project }: Known, report: Report): Promise<void> {
    const wasThere = await this.api.delete(id, report);
    if (!wasThere) this.assertSameProject(id, project);
    this.snapshot.forget(id);
  }

  async removeUnfinished({ id, name, nameIsDrawn, time }: Unfinished, report: Report): Promise<string[]> {
    const { api, answered, ending } = this;
    const lag = this.looks.reduce((sum, pause) => sum + pause, 0);
    const looks = Date.now() - time > lag ? [0] : this.looks;
    const found = id ? [{ id }] : await madeSince(time, 1, name, { api, answered, looks, ending }, report);
    if (!id && !nameIsDrawn) return found.map((candidate) => candidate.id);
    for (const one of found) await this.delete(one.id, {}, report);
    return [];
  }

  private observed(answer: ContainerAnswer): Observed {
    const { project } = this.api;
    return { ...observedFrom(answer), ...(project !== undefined && { project }) };
  }

  /** What the key's project does not have may live on in another: keys of several look alike where none is set. */
  private assertSameProject(id: string, project: string | undefined): void {
    const { project: own } = this.api;
    if (project === undefined || own === undefined || project === own) return;
    throw new BackendError(
      `Container ${id} belongs to project ${project}, and the key of this run to ${own}`,
      "Use a key of the first; or, if that project is gone for good, forget the container with `pulumi state delete`",
    );
  }
}
