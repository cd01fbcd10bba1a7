import { setTimeout as sleep } from "node:timers/promises";
import type { Report } from "../backend";
import type { ContainersApi } from "./containers-api";
import { cancelled } from "./throttle";
import type { ContainerResponse } from "./wire";

export interface FindOptions {
  api: Pick<ContainersApi, "list">;
  /** The containers whose own creates got a response: none of them is the one that is searched for. */
  knownIds: ReadonlySet<string>;
  /** The delays before each search, in ms: lists lag. */
  delaysMs: readonly number[];
  ending: AbortSignal;
  /** Whether nothing else has the name: a container with it is this create's, whatever the clocks show. */
  nameIsDrawn: boolean;
}

/**
 * Finds the containers of a name that were created since a time.
 * @param began milliseconds since the epoch, by the clock of this machine
 * @param isEnough ends the searches
 * @throws BackendError where a list cannot be read, or the search was cancelled
 */
export async function findCreatedSince(
  began: number,
  isEnough: (found: ContainerResponse[]) => boolean,
  name: string,
  { api, knownIds, delaysMs, ending, nameIsDrawn }: FindOptions,
  report: Report,
): Promise<ContainerResponse[]> {
  let found: ContainerResponse[] = [];
  for (const delay of delaysMs) {
    await sleep(delay, undefined, { signal: ending }).catch(() => Promise.reject(cancelled()));
    const { data, reportedAt } = await api.list({ name, limit: 100, order: "desc" }, report);
    const age = Date.now() - began;
    // By the server's clock, as ours may be wrong; it shows whole seconds. Ours may even have been set back since.
    const since = nameIsDrawn || age < 0 ? 0 : reportedAt - age / 1000 - 2;
    found = data.filter(
      // Not every service that speaks this API knows the filter by name.
      (one) => one.name === name && one.created_at >= since && one.status !== "deleted" && !knownIds.has(one.id),
    );
    if (isEnough(found)) break;
  }
  return found;
}
