import { BackendError, type Report } from "../backend";
import { ApiError } from "./api-error";
import type { ContainersApi, Page } from "./containers-api";
import type { ContainerResponse } from "./wire";

const pageSize = 100; // the API's maximum

/** A list of containers, newest first, read page by page: all of an account, or those of a name. */
export class PagedList {
  first: ContainerResponse | undefined;
  last: ContainerResponse | undefined;
  /** Whether the last page was read. */
  isComplete = false;
  pagesRead = 0;
  private readonly ids = new Set<string>();
  private hasRestarted = false;

  constructor(
    private readonly api: Pick<ContainersApi, "list" | "address">,
    private readonly name: string | undefined,
  ) {}

  /** How many containers were read, from the first page on. */
  get length(): number {
    return this.ids.size;
  }

  /**
   * Reads the next page: the first one again where the container after which it begins was deleted meanwhile.
   * @param isBrief whether to give up soon, as a diff goes on without the response
   * @throws BackendError where the API rejects the request or every cursor, UnreachableError where it cannot be reached
   */
  async next(report: Report, isBrief = false): Promise<Page> {
    try {
      return await this.read(report, isBrief);
    } catch (error) {
      if (!this.last || !isRejectedCursor(error)) throw error;
      // Once, until a next page was read: a service may reject every cursor.
      if (this.hasRestarted) {
        throw new BackendError(
          "OC2129",
          `Cannot list the containers beyond the first ${this.length}: ${error.what}`,
          "Run the same command again, or look up one id",
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
    this.isComplete = !has_more || data.length === 0 || isRepeated;
    if (has_more && isRepeated) report.runWarning("OC2130", this.repetition());
    return page;
  }

  private repetition(): string {
    return `the list of containers was read only up to the first ${this.length}: the API at ${this.api.address} sent the same page again, so it may ignore the cursor "after". Use a service that supports pagination, or look up containers by id`;
  }
}

function isRejectedCursor(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.response.status === 400 || error.response.status === 404);
}
