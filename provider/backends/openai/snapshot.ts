import { type Known, type Report, UnreachableError } from "../backend";
import type { ContainersApi, Sighting } from "./containers-api";
import { PagedList } from "./paged-list";

const pagesAhead = 10;
const pagesOfAName = 3;
const remembered = 30_000; // ms for which a failure stands for all

/**
 * The account's containers as the list tells them, read once a run, newest first, and no further back than the oldest
 * that was asked for. Reading a list prolongs no life, as a GET of a container would.
 *
 * A container that lies deep under others' is cheaper to find by its name, and many of them by reading on. How many
 * will be asked for is not known: so the list is read on for a container only if that lies within some pages, and by
 * one more page for each look by name, which makes at most about twice the requests of the cheaper way.
 */
export class Snapshot {
  private readonly seen = new Map<string, Sighting>();
  private readonly pages: PagedList;
  private pagesEarned = 0;
  private failure: { error: UnreachableError; until: number } | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly api: Pick<ContainersApi, "list" | "place">) {
    this.pages = new PagedList(api, undefined);
  }

  /**
   * A container as the list has it. Lists lag, so that one is missing does not say that it is gone.
   * @param isBrief whether to give up soon, as a diff goes on without the answer
   */
  find(id: string, known: Known, report: Report, isBrief: boolean): Promise<Sighting | undefined> {
    const found = this.turn.then(() => this.seen.get(id) ?? this.look(id, known, report, isBrief));
    this.turn = found.catch(() => undefined); // one reads, the others find what it read
    return found;
  }

  /** Adds what was told since, and lists do not tell of yet. */
  learn(sighting: Sighting): void {
    this.seen.set(sighting.answer.id, sighting);
  }

  /** Drops what was removed since. */
  forget(id: string): void {
    this.seen.delete(id);
  }

  private async look(id: string, known: Known, report: Report, isBrief: boolean) {
    const { createdAt } = known;
    // What could not be read a moment ago would make each of many containers wait for as long again.
    if (this.failure && performance.now() < this.failure.until) throw this.failure.error;
    try {
      while (!this.seen.has(id) && !this.reaches(createdAt)) {
        if (this.pagesEarned > 0) this.pagesEarned -= 1;
        else if (!this.isWithinPages(createdAt)) return await this.lookByName(id, known, report, isBrief);
        await this.read(this.pages, report, isBrief);
      }
      return this.seen.get(id);
    } catch (error) {
      if (error instanceof UnreachableError) this.failure = { error, until: performance.now() + remembered };
      throw error;
    }
  }

  /** Whether all that is as young as this was read. */
  private reaches(createdAt: number | undefined): boolean {
    const { isWhole, last } = this.pages;
    return isWhole || (createdAt !== undefined && last !== undefined && last.created_at < createdAt);
  }

  /** Whether the first pages are likely to reach so far, judged by how far those did that were read. */
  private isWithinPages(createdAt: number | undefined): boolean {
    const { first, last, pagesRead } = this.pages;
    if (!first || !last) return true;
    if (pagesRead >= pagesAhead) return false;
    if (createdAt === undefined) return true;
    const secondsRead = first.created_at - last.created_at;
    const secondsToRead = first.created_at - createdAt;
    return secondsRead === 0 || (secondsToRead / secondsRead) * pagesRead <= pagesAhead;
  }

  private async lookByName(id: string, { name, createdAt }: Known, report: Report, isBrief: boolean) {
    if (name === undefined) return undefined;
    this.pagesEarned += 1;
    const pages = new PagedList(this.api, name);
    while (pages.pagesRead < pagesOfAName) {
      await this.read(pages, report, isBrief);
      if (this.seen.has(id) || pages.isWhole || !pages.last || pages.last.created_at < (createdAt ?? 0)) break;
    }
    return this.seen.get(id);
  }

  /** Reads one page more. What it tells is kept for whoever asks next. */
  private async read(pages: PagedList, report: Report, isBrief: boolean): Promise<void> {
    const { data, reportedAt } = await pages.next(report, isBrief);
    for (const answer of data) this.learn({ answer, reportedAt });
  }
}
