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
}

/**
 * What has the name and was made since a moment: looked for until it is as much as can be, or patience ends.
 * @param began milliseconds since the epoch, by the clock of this machine
 */
export async function madeSince(
  began: number,
  mostExpected: number,
  name: string,
  { api, answered, looks, ending }: Looking,
  report: Report,
): Promise<ContainerAnswer[]> {
  let found: ContainerAnswer[] = [];
  for (const pause of looks) {
    await sleep(pause, undefined, { signal: ending }).catch(() => Promise.reject(interrupted()));
    const { data, toldAt } = await api.list({ name, limit: 100, order: "desc" }, report);
    // By the server's clock, as ours may be wrong; it tells whole seconds.
    const since = toldAt - (Date.now() - began) / 1000 - 2;
    found = data.filter(
      // Not every service that speaks this API knows the filter by name.
      (one) => one.name === name && one.created_at >= since && one.status !== "deleted" && !answered.has(one.id),
    );
    if (found.length >= mostExpected) break;
  }
  return found;
}
