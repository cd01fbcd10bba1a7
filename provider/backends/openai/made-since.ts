import { setTimeout as sleep } from "node:timers/promises";
import type { Report } from "../backend";
import type { ContainersApi } from "./containers-api";
import { interrupted } from "./pacing";
import type { ContainerAnswer } from "./wire";

/** With what a lost container is looked for. */
export interface Looking {
  api: Pick<ContainersApi, "list">;
  /** The ids that came as answers, so that they are not taken for what a lost one was about. */
  answered: ReadonlySet<string>;
  /** The pauses before each look, in ms: lists lag. */
  looks: readonly number[];
  ending: AbortSignal;
  /** Whether nothing else has the name: what has it was made by this create, whatever any clock shows. */
  nameIsDrawn: boolean;
}

/**
 * What has the name and was made since a moment.
 * @param began milliseconds since the epoch, by the clock of this machine
 * @param isEnough ends the looks
 */
export async function madeSince(
  began: number,
  isEnough: (found: ContainerAnswer[]) => boolean,
  name: string,
  { api, answered, looks, ending, nameIsDrawn }: Looking,
  report: Report,
): Promise<ContainerAnswer[]> {
  let found: ContainerAnswer[] = [];
  for (const pause of looks) {
    await sleep(pause, undefined, { signal: ending }).catch(() => Promise.reject(interrupted()));
    const { data, reportedAt } = await api.list({ name, limit: 100, order: "desc" }, report);
    const age = Date.now() - began;
    // By the server's clock, as ours may be wrong; it tells whole seconds. Ours may even have been set back since.
    const since = nameIsDrawn || age < 0 ? 0 : reportedAt - age / 1000 - 2;
    found = data.filter(
      // Not every service that speaks this API knows the filter by name.
      (one) => one.name === name && one.created_at >= since && one.status !== "deleted" && !answered.has(one.id),
    );
    if (isEnough(found)) break;
  }
  return found;
}
