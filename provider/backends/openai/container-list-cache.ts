import { type Known, type Report, UnreachableError } from "../backend";
import type { ContainersApi, ReportedContainer } from "./containers-api";
import { PagedList } from "./paged-list";

const pagesAhead = 10;
const pagesOfOneName = 3;
const failureCachedMs = 30_000;

/**
 * The account's containers as the list reports them, read once a run, newest first, and no further back than the oldest
 * that a caller needs. Reading a list prolongs no life, as a GET of a container would.
 *
 * A container that lies deep under others' is cheaper to find by its name, and many of them by reading on. How many
 * callers will need is unknown: so the list is read on for a container only if that lies within some pages, and by
 * one more page for each search by name, which makes at most about twice the requests of the cheaper strategy.
 */
export class ContainerListCache {
  private readonly cached = new Map<string, ReportedContainer>();
  private readonly dropped = new Set<string>();
  private readonly pages: PagedList;
  private pagesEarned = 0;
  private failure: { error: UnreachableError; until: number } | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly api: Pick<ContainersApi, "list" | "address">) {
    this.pages = new PagedList(api, undefined);
  }

  /**
   * A container as the list has it. Lists lag, so that one is missing does not say that it is gone.
   * @param isBrief whether to give up soon, as a diff goes on without the response
   * @throws BackendError where the API rejects the request, UnreachableError where it cannot be reached
   */
  find(id: string, known: Known, report: Report, isBrief: boolean): Promise<ReportedContainer | undefined> {
    const found = this.turn.then(() => this.cached.get(id) ?? this.search(id, known, report, isBrief));
    this.turn = found.catch(() => undefined); // one caller reads, the others find what it read
    return found;
  }

  /** Adds a container that another response reported, and that lists do not have yet. */
  add(reported: ReportedContainer): void {
    if (!this.dropped.has(reported.container.id)) this.cached.set(reported.container.id, reported);
  }

  /** Drops a container that was deleted: lists may still have it. */
  drop(id: string): void {
    this.dropped.add(id);
    this.cached.delete(id);
  }

  private async search(id: string, known: Known, report: Report, isBrief: boolean) {
    const { createdAt } = known;
    // A list that just failed would make each of many containers wait for as long again.
    if (this.failure && performance.now() < this.failure.until) throw this.failure.error;
    try {
      while (!this.cached.has(id) && !this.reaches(createdAt)) {
        if (this.pagesEarned > 0) this.pagesEarned -= 1;
        else if (!this.isWithinPages(createdAt)) return await this.searchByName(id, known, report, isBrief);
        await this.read(this.pages, report, isBrief);
      }
      return this.cached.get(id);
    } catch (error) {
      if (error instanceof UnreachableError) this.failure = { error, until: performance.now() + failureCachedMs };
      throw error;
    }
  }

  /** Whether everything as young as this was read. */
  private reaches(createdAt: number | undefined): boolean {
    const { isComplete, last } = this.pages;
    return isComplete || (createdAt !== undefined && last !== undefined && last.created_at < createdAt);
  }

  /** Whether the first pages are likely to reach so far, estimated from how far the pages reach that were read. */
  private isWithinPages(createdAt: number | undefined): boolean {
    const { first, last, pagesRead } = this.pages;
    if (!first || !last) return true;
    if (pagesRead >= pagesAhead) return false;
    if (createdAt === undefined) return true;
    const secondsRead = first.created_at - last.created_at;
    const secondsToRead = first.created_at - createdAt;
    return secondsRead === 0 || (secondsToRead / secondsRead) * pagesRead <= pagesAhead;
  }

  private async searchByName(id: string, { name, createdAt }: Known, report: Report, isBrief: boolean) {
    if (name === undefined) return undefined;
    this.pagesEarned += 1;
    const pages = new PagedList(this.api, name);
    while (pages.pagesRead < pagesOfOneName) {
      await this.read(pages, report, isBrief);
      if (this.cached.has(id) || pages.isComplete || !pages.last || pages.last.created_at < (createdAt ?? 0)) break;
    }
    return this.cached.get(id);
  }

  /** Reads one page more, and keeps it for the next callers. */
  private async read(pages: PagedList, report: Report, isBrief: boolean): Promise<void> {
    const { data, reportedAt } = await pages.next(report, isBrief);
    for (const container of data) this.add({ container, reportedAt });
  }
}
