import type { Container } from "../../model/container";
import { type Observed, recordFrom } from "../../model/record";
import {
  type Activity,
  type Backend,
  BackendError,
  type CreateContext,
  type Known,
  type PendingCreate,
  type Recorded,
  type Report,
} from "../backend";
import { acceptsUnconfirmed, confirm, type Service } from "./confirm";
import type { Absence, ContainersApi, Sighting } from "./containers-api";
import { createOnce } from "./create-once";
import { madeSince } from "./made-since";
import { PagedList } from "./paged-list";
import { Snapshot } from "./snapshot";
import { activityFrom, type ContainerAnswer, createBody, observedFrom } from "./wire";

const longestList = 100; // pages: what a minute's limit allows

/** The containers of one account of the hosted API, or of a service that speaks it. */
export class OpenAIBackend implements Backend {
  readonly name = "openai";
  readonly locationSettings = {
    environment: "OPENAI_BASE_URL, OPENAI_ORG_ID and OPENAI_PROJECT_ID",
    stack: "openai-containers:baseUrl, organization and project",
  };
  readonly repairable = new Map<string, string>();
  private readonly snapshot: Snapshot;
  private readonly answered = new Set<string>();

  constructor(
    private readonly api: ContainersApi,
    readonly location: string,
    private readonly ending: AbortSignal,
    private readonly looks: readonly number[],
    private readonly service: Service,
  ) {
    this.snapshot = new Snapshot(api);
  }

  async create(
    container: Container & { name: string },
    report: Report,
    { nameIsDrawn, announce, orphaned }: CreateContext,
  ): Promise<Observed> {
    const { api, answered, looks, ending, service } = this;
    acceptsUnconfirmed(service); // a wrong setting fails before anything is made
    const circumstances = { api, nameIsDrawn, answered, looks, ending, orphaned };
    const answer = await createOnce(createBody(container), circumstances, report);
    announce(answer.id);
    answered.add(answer.id);
    const observed = observedFrom(answer);
    await this.confirm(container, observed, report);
    return observed;
  }

  async status(id: string, known: Known, report: Report): Promise<string | undefined> {
    return (await this.look(id, known, report, true))?.answer.status;
  }

  async observe(id: string, known: Known, report: Report): Promise<Observed | undefined> {
    const seen = await this.look(id, known, report, false);
    return seen && observedFrom(seen.answer);
  }

  async activity(id: string, known: Known, report: Report): Promise<Activity | undefined> {
    const seen = await this.look(id, known, report, true);
    return seen && { ...activityFrom(seen.answer), reportedAt: seen.reportedAt };
  }

  async list(name: string | undefined, report: Report): Promise<(Observed & Activity)[]> {
    const found = new Map<string, Observed & Activity>(); // a list may move on while it is read
    const pages = new PagedList(this.api, name);
    while (!pages.isWhole && pages.pagesRead < longestList) {
      const { data, reportedAt } = await pages.next(report);
      for (const answer of data) {
        // Not every service that speaks this API knows the filter by name.
        if (answer.status !== "deleted" && (name === undefined || answer.name === name))
          found.set(answer.id, { ...observedFrom(answer), ...activityFrom(answer), reportedAt });
      }
    }
    if (pages.isWhole) return [...found.values()];
    throw new BackendError(
      "OC0000",
      `The account tells of more than ${pages.length} containers${name === undefined ? "" : ` named ${name}`}, expired ones included`,
      name === undefined ? "Ask for those of one name, or for one id" : "Ask for one id",
    );
  }

  /** Nothing of a hosted container can be repaired: what a failed create could not delete is still not as requested. */
  async repair(id: string, recorded: Recorded, report: Report): Promise<Observed> {
    const observed = await this.observe(id, recorded, report);
    if (!observed)
      throw new BackendError("OC0000", `Container ${id} is gone`, "Run the same command again to have it replaced");
    const { networkPolicy } = recordFrom({ networkPolicy: recorded.networkPolicy });
    await this.confirm({ networkPolicy }, observed, report);
    return observed;
  }

  async delete(id: string, { project }: Known, report: Report): Promise<void> {
    const absence = await this.api.delete(id, report);
    if (absence) assertSameProject(id, project, absence);
    this.snapshot.forget(id);
  }

  async removePending(left: PendingCreate, report: Report): Promise<string[]> {
    const ids = left.id ? [left.id] : await this.orphansOf(left, report);
    if (!left.id && !left.nameIsDrawn) return ids;
    for (const id of ids) await this.delete(id, {}, report);
    return [];
  }

  private async orphansOf({ name, nameIsDrawn, time, besides }: PendingCreate, report: Report): Promise<string[]> {
    const { api, answered, ending } = this;
    const lag = this.looks.reduce((sum, pause) => sum + pause, 0);
    const looks = Date.now() - time > lag ? [0] : this.looks;
    const looking = { api, answered, looks, ending, nameIsDrawn };
    const orphans = (found: ContainerAnswer[]) => found.filter(({ id }) => id !== besides);
    const found = await madeSince(time, (seen) => orphans(seen).length > 0, name, looking, report);
    return orphans(found).map(({ id }) => id);
  }

  private confirm(requested: Parameters<typeof confirm>[0], observed: Observed, report: Report): Promise<void> {
    return confirm(requested, observed, this.service, (id) => this.delete(id, {}, report), report);
  }

  /**
   * As the list has it, or, as lists lag, as one GET tells it before it is called gone.
   * @param isBrief whether to give up soon, as a diff goes on without the answer
   */
  private async look(id: string, known: Known, report: Report, isBrief: boolean): Promise<Sighting | undefined> {
    const listed = await this.snapshot.find(id, known, report, isBrief);
    const seen = listed ?? (await this.retrieve(id, known, report, isBrief));
    return seen?.answer.status === "deleted" ? undefined : seen;
  }

  private async retrieve(id: string, { project }: Known, report: Report, isBrief: boolean) {
    const seen = await this.api.retrieve(id, report, isBrief);
    if ("absentFrom" in seen) {
      assertSameProject(id, project, seen);
      return undefined;
    }
    // The GET itself was use of a container that lives; when it was in use before, nobody tells.
    if (seen.answer.status !== "expired") seen.answer.last_active_at = undefined;
    this.snapshot.learn(seen);
    return seen;
  }
}

/** What the key's project does not have may live on in another: keys of several look alike where none is set. */
function assertSameProject(id: string, project: string | undefined, { absentFrom: own }: Absence): void {
  if (project === undefined || own === undefined || project === own) return;
  throw new BackendError(
    "OC0000",
    `Container ${id} belongs to project ${project}, and the key of this run to ${own}`,
    "Use a key of the first; or, if that project is gone for good, forget the container with `pulumi state delete`",
  );
}
