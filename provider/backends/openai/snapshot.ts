import { type Report, UnreachableError } from "../backend";
import type { ContainersApi, Page, Sighting } from "./containers-api";
import type { ContainerAnswer } from "./wire";

const pageSize = 100; // the API's maximum
const pagesAhead = 10;
const pagesOfAName = 3;

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
  private first: ContainerAnswer | undefined;
  private last: ContainerAnswer | undefined;
  private isWhole = false;
  private pagesRead = 0;
  private pagesEarned = 0;
  private failure: UnreachableError | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly api: Pick<ContainersApi, "list">) {}

  /** A container as the list has it. Lists lag, so that one is missing does not say that it is gone. */
  find(
    id: string,
    createdAt: number | undefined,
    name: string | undefined,
    report: Report,
  ): Promise<Sighting | undefined> {
    const found = this.turn.then(() => this.seen.get(id) ?? this.look(id, createdAt, name, report));
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

  private async look(id: string, createdAt: number | undefined, name: string | undefined, report: Report) {
    // What could not be read a moment ago would make each of many containers wait for as long again.
    if (this.failure) throw this.failure;
    try {
      while (!this.seen.has(id) && !this.reaches(createdAt)) {
        if (this.pagesEarned > 0) this.pagesEarned -= 1;
        else if (!this.isWithinPages(createdAt)) return await this.lookByName(id, createdAt, name, report);
        await this.readPage(report);
      }
      return this.seen.get(id);
    } catch (error) {
      if (error instanceof UnreachableError) this.failure = error;
      throw error;
    }
  }

  /** Whether all that is as young as this was read. */
  private reaches(createdAt: number | undefined): boolean {
    return this.isWhole || (createdAt !== undefined && this.last !== undefined && this.last.created_at < createdAt);
  }

  /** Whether the first pages are likely to reach so far, judged by how far those did that were read. */
  private isWithinPages(createdAt: number | undefined): boolean {
    if (!this.first || !this.last) return true;
    if (this.pagesRead >= pagesAhead) return false;
    if (createdAt === undefined) return true;
    const secondsRead = this.first.created_at - this.last.created_at;
    const secondsToRead = this.first.created_at - createdAt;
    return secondsRead === 0 || (secondsToRead / secondsRead) * this.pagesRead <= pagesAhead;
  }

  private async readPage(report: Report): Promise<void> {
    const { data, has_more } = await this.list(this.last, {}, report);
    this.pagesRead += 1;
    this.first ??= data[0];
    this.last = data.at(-1);
    this.isWhole = !has_more || data.length === 0;
  }

  private async lookByName(id: string, createdAt: number | undefined, name: string | undefined, report: Report) {
    if (name === undefined) return undefined;
    this.pagesEarned += 1;
    let last: ContainerAnswer | undefined;
    for (let page = 0; page < pagesOfAName; page += 1) {
      const { data, has_more } = await this.list(last, { name }, report);
      last = data.at(-1);
      if (this.seen.has(id) || !has_more || !last || last.created_at < (createdAt ?? 0)) break;
    }
    return this.seen.get(id);
  }

  /** The page after a container, or the first one. What it tells is kept for whoever asks next. */
  private async list(last: ContainerAnswer | undefined, filter: { name?: string }, report: Report): Promise<Page> {
    const after = last && { after: last.id };
    const page = await this.api.list({ limit: pageSize, order: "desc", ...filter, ...after }, report);
    for (const answer of page.data) this.learn({ answer, toldAt: page.toldAt });
    return page;
  }
}
