/*
 * How a call goes: OpenAIBackend reads live state through container-list-cache → paged-list, and creates through
 * idempotent-create (→ find-created-since, duplicate-cleanup) and confirm-created. Both use containers-api, whose
 * request-sender waits for the throttle, retries and explains failures; wire.ts maps both ways, and packed-skills zips the
 * folders of skills. open-backend.ts builds it all. account.ts serves another backend: it downloads files and skills.
 */
import type { Container } from "../../model/container";
import { type Observed, recordFrom } from "../../model/record";
import { valuesOfNoArgument } from "../../model/values-of-no-argument";
import {
  type Activity,
  type Backend,
  BackendError,
  type Candidate,
  type CreateContext,
  type Known,
  type PendingCreate,
  type Recorded,
  type Report,
} from "../backend";
import type { ApiEndpoint } from "./api-endpoint";
import { acceptsUnconfirmed, confirmCreated } from "./confirm-created";
import { ContainerListCache } from "./container-list-cache";
import type { ContainersApi, NotFound, ReportedContainer } from "./containers-api";
import { findCreatedSince } from "./find-created-since";
import { createIdempotently } from "./idempotent-create";
import { packedSkills } from "./packed-skills";
import { PagedList } from "./paged-list";
import { activityFrom, type ContainerResponse, createBody, observedFrom } from "./wire";

const maxListPages = 100; // what a minute's rate limit allows

/**
 * The containers of one account of the hosted API, or of a service that speaks it. Beside what each method names, all
 * throw UnreachableError where no usable response came, and BackendError where the API rejects the request or Pulumi
 * is shutting down.
 */
export class OpenAIBackend implements Backend {
  readonly name = "openai";
  readonly locationSettings = {
    environment: "OPENAI_BASE_URL, OPENAI_ORG_ID and OPENAI_PROJECT_ID",
    stack: "openai-containers:baseUrl, organization and project",
  };
  readonly repairable = new Map<string, string>();
  private readonly listCache: ContainerListCache;
  /** The containers whose creates got a response. */
  private readonly knownIds = new Set<string>();

  constructor(
    private readonly api: ContainersApi,
    readonly location: string,
    private readonly ending: AbortSignal,
    private readonly findDelaysMs: readonly number[],
    private readonly endpoint: ApiEndpoint,
  ) {
    this.listCache = new ContainerListCache(api);
  }

  /**
   * @throws UnknownOutcomeError where it is unknown whether the container was created
   * @throws SkillError where the folder of a skill is not as the program found it
   * @throws BackendError where the service did not create it as requested, PartialCreateError where it could not be
   * deleted then
   */
  async create(
    container: Container & { name: string },
    report: Report,
    { nameIsDrawn, announce, orphaned }: CreateContext,
  ): Promise<Observed> {
    const { api, knownIds, findDelaysMs: delaysMs, ending, endpoint } = this;
    acceptsUnconfirmed(endpoint); // a wrong setting fails before anything is created
    const options = { api, nameIsDrawn, knownIds, delaysMs, ending, orphaned };
    const skills = container.skills && (await packedSkills(container.skills));
    const response = await createIdempotently(createBody({ ...container, skills }), options, report);
    announce(response.id);
    knownIds.add(response.id);
    const observed = observedFrom(response);
    await this.confirm(container, observed, report);
    return observed;
  }

  /** @throws BackendError where the container belongs to another project */
  async status(id: string, known: Known, report: Report): Promise<string | undefined> {
    return (await this.read(id, known, report, true))?.container.status;
  }

  /** @throws BackendError where the container belongs to another project */
  async observe(id: string, known: Known, report: Report): Promise<Observed | undefined> {
    const reported = await this.read(id, known, report, false);
    return reported && observedFrom(reported.container);
  }

  /** @throws BackendError where the container belongs to another project */
  async activity(id: string, known: Known, report: Report): Promise<Activity | undefined> {
    const reported = await this.read(id, known, report, true);
    return reported && { ...activityFrom(reported.container), reportedAt: reported.reportedAt };
  }

  /** @throws BackendError where there are more containers than a minute's rate limit can read */
  async list(name: string | undefined, report: Report): Promise<(Observed & Activity)[]> {
    const found = new Map<string, Observed & Activity>(); // a list may change while it is read
    const pages = new PagedList(this.api, name);
    while (!pages.isComplete && pages.pagesRead < maxListPages) {
      const { data, reportedAt } = await pages.next(report);
      for (const container of data) {
        // Not every service that speaks this API knows the filter by name.
        if (container.status !== "deleted" && (name === undefined || container.name === name))
          found.set(container.id, { ...observedFrom(container), ...activityFrom(container), reportedAt });
      }
    }
    if (pages.isComplete) return [...found.values()];
    throw new BackendError(
      "OC2128",
      `Cannot list the containers${name === undefined ? "" : ` named ${name}`}: there are more than ${pages.length}, expired ones included`,
      name === undefined ? "Look up the containers of one name, or one id" : "Look up one id",
    );
  }

  /** @throws BackendError where there are more containers than a minute's rate limit can read */
  async candidates(report: Report): Promise<Candidate[]> {
    return (await this.list(undefined, report)).map(candidateFrom);
  }

  async candidate(id: string, report: Report): Promise<Candidate | undefined> {
    const reported = await this.read(id, {}, report, false);
    if (!reported) return undefined;
    const { container, reportedAt } = reported;
    return candidateFrom({ ...observedFrom(container), ...activityFrom(container), reportedAt });
  }

  /**
   * Nothing of a hosted container can be repaired: one that a failed create could not delete is still not as requested.
   * @throws BackendError where the container is gone or not as requested, PartialCreateError where it could not be
   * deleted then
   */
  async repair(id: string, recorded: Recorded, report: Report): Promise<Observed> {
    const observed = await this.observe(id, recorded, report);
    if (!observed)
      throw new BackendError("OC2131", `Container ${id} is gone`, "Run the same command again to replace it");
    const { networkPolicy } = recordFrom({ networkPolicy: recorded.networkPolicy });
    await this.confirm({ ...recorded, networkPolicy }, observed, report);
    return observed;
  }

  /** @throws BackendError where the container belongs to another project */
  async delete(id: string, { project }: Known, report: Report): Promise<void> {
    const notFound = await this.api.delete(id, report);
    if (notFound) assertSameProject(id, project, notFound);
    this.listCache.drop(id);
  }

  /** @throws BackendError where a container could not be deleted */
  async removePending(pending: PendingCreate, report: Report): Promise<string[]> {
    const ids = pending.id ? [pending.id] : await this.orphansOf(pending, report);
    if (!pending.id && !pending.nameIsDrawn) return ids;
    for (const id of ids) await this.delete(id, {}, report);
    return [];
  }

  private async orphansOf({ name, nameIsDrawn, time, besides }: PendingCreate, report: Report): Promise<string[]> {
    const { api, knownIds, ending } = this;
    const lagMs = this.findDelaysMs.reduce((sum, delay) => sum + delay, 0);
    const delaysMs = Date.now() - time > lagMs ? [0] : this.findDelaysMs;
    const options = { api, knownIds, delaysMs, ending, nameIsDrawn };
    const orphans = (found: ContainerResponse[]) => found.filter(({ id }) => id !== besides);
    const found = await findCreatedSince(time, (some) => orphans(some).length > 0, name, options, report);
    return orphans(found).map(({ id }) => id);
  }

  private confirm(requested: Parameters<typeof confirmCreated>[0], observed: Observed, report: Report): Promise<void> {
    return confirmCreated(requested, observed, this.endpoint, (id) => this.delete(id, {}, report), report);
  }

  /**
   * Reads a container as the list has it, or, as lists lag, by one GET before it counts as gone.
   * @param isBrief whether to give up soon, as a diff goes on without the response
   */
  private async read(
    id: string,
    known: Known,
    report: Report,
    isBrief: boolean,
  ): Promise<ReportedContainer | undefined> {
    const listed = await this.listCache.find(id, known, report, isBrief);
    const reported = listed ?? (await this.retrieve(id, known, report, isBrief));
    return reported?.container.status === "deleted" ? undefined : reported;
  }

  private async retrieve(id: string, { project }: Known, report: Report, isBrief: boolean) {
    const result = await this.api.retrieve(id, report, isBrief);
    if ("notFoundIn" in result) {
      assertSameProject(id, project, result);
      return undefined;
    }
    // The GET itself counts as use of a live container, and hides when that was last in use before.
    if (result.container.status !== "expired") result.container.last_active_at = undefined;
    this.listCache.add(result);
    return result;
  }
}

/** Nothing is missing, as the API creates all containers alike. */
function candidateFrom(observed: Observed & Activity): Candidate {
  const expired = observed.status === "expired" ? ["it has expired"] : [];
  return { observed, refusals: [...expired, ...valuesOfNoArgument(observed)], missing: [] };
}

/** A container that the key's project does not have may exist in another: keys of several look alike where none is set. */
function assertSameProject(id: string, project: string | undefined, { notFoundIn: own }: NotFound): void {
  if (project === undefined || own === undefined || project === own) return;
  throw new BackendError(
    "OC2132",
    `Container ${id} belongs to project ${project}, but the API key of this run belongs to project ${own}`,
    `Use a key of project ${project}. If that project was deleted, forget the container with \`pulumi state delete\``,
  );
}
