import { BackendError, type Report } from "../backend";
import { ApiError } from "./api-errors";
import type { ContainersApi, Page } from "./containers-api";
import type { ContainerAnswer } from "./wire";

const pageSize = 100; // the API's maximum

/** A list of containers, newest first, read page by page: all of an account, or those of a name. */
export class PagedList {
  first: ContainerAnswer | undefined;
  last: ContainerAnswer | undefined;
  /** Whether there is nothing more to read. */
  isWhole = false;
  pagesRead = 0;
  private readonly ids = new Set<string>();
  private hasRestarted = false;

  constructor(
    private readonly api: Pick<ContainersApi, "list" | "place">,
    private readonly name: string | undefined,
  ) {}

  /** How many containers were read, from the first page on. */
  get length(): number {
    return this.ids.size;
  }

  /**
   * Reads the next page: the first one again where the container after which it begins was deleted meanwhile.
   * @param isBrief whether to give up soon, as a diff goes on without the answer
   */
  async next(report: Report, isBrief = false): Promise<Page> {
    try {
      return await this.read(report, isBrief);
    } catch (error) {
      if (!this.last || !isRefusedCursor(error)) throw error;
      // Once, until it goes on: a service may refuse every cursor.
      if (this.hasRestarted) {
        throw new BackendError(
          "OC0000",
          `The list of containers cannot be read beyond the first ${this.length}: ${error.what}`,
          "Run the same command again, or ask for one id",
        );
      }
      this.hasRestarted = true;
      this.first = undefined;
      this.last = undefined;
      this.ids.clear();
      return await this.read(report, isBrief);
    }
  }

  private async read(report: Report, isBrief: boolean): Promise<Page> {
    const after = this.last && { after: this.last.id };
    const name = this.name === undefined ? {} : { name: this.name };
    const page = await this.api.list({ limit: pageSize, order: "desc", ...name, ...after }, report, isBrief);
    const { data, has_more } = page;
    if (after) this.hasRestarted = false;
    this.pagesRead += 1;
    this.first ??= data[0];
    this.last = data.at(-1);
    const before = this.length;
    for (const { id } of data) this.ids.add(id);
    const isRepeated = data.length > 0 && this.length === before;
    this.isWhole = !has_more || data.length === 0 || isRepeated;
    if (has_more && isRepeated) report.runWarning("OC0000", this.repetition());
    return page;
  }

  private repetition(): string {
    return `the list of containers was read no further than the first ${this.length}: the API at ${this.api.place} sent them again as its next page, so it may ignore the cursor "after". Use a service that pages its lists, or look containers up by id`;
  }
}

function isRefusedCursor(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.refusal.status === 400 || error.refusal.status === 404);
}
