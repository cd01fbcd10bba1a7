import type { ContainerInspectInfo } from "dockerode";
import type { Activity } from "../../backend";
import type { Engine } from "../engine/engine";
import { failureStatus } from "../engine/engine-errors";
import { minutesOf, secondsOf, statusFrom } from "./container-spec";
import { idleTimeOf, lastTold } from "./idle-time";
import { longestPause } from "./watchdog";

const patience = 2_000; // ms for a watchdog to tell when its sandbox was last in use
const longPatience = 10_000; // ms for one to show that it works, on a host that is very busy

/**
 * When a sandbox was last in use: one that runs tells it, one that expired had been idle for its time.
 * @param minute how long one is, in seconds
 */
export async function activityOf(
  { Id, Config, State }: ContainerInspectInfo,
  { client, now }: Engine,
  minute: number,
): Promise<Activity> {
  const reportedAt = Math.floor(now() / 1000);
  if (statusFrom(State) === "expired") {
    const expiredAt = secondsOf(State.FinishedAt);
    return { lastActiveAt: expiredAt - minutesOf(Config.Labels) * minute, expiredAt, reportedAt };
  }
  const idle = State.Status === "running" ? await idleTimeOf(client.getContainer(Id), patience) : undefined;
  if (!idle) return { reportedAt };
  const told = secondsOf(idle.stamp);
  const startedAt = secondsOf(State.StartedAt);
  // Both are whole seconds, so their difference can lie a second before the use, and so before the start.
  const lastActiveAt = idle.isUnused ? startedAt : Math.max(startedAt + 1, told - idle.seconds);
  return { lastActiveAt, startedAt, reportedAt: told };
}

/** Whether a sandbox has been there for so long, in milliseconds, that it may have been idle for its time. */
export function isOlderThanItsTime(age: number, labels: Record<string, string>, minute: number): boolean {
  return age > (minutesOf(labels) * minute + longestPause) * 1000;
}

/**
 * Whether a sandbox runs on after its time, its watchdog does not answer, and nobody works in it (`docker exec`): code
 * inside may have stopped the watchdog. That is a help, and no protection: code inside can also write the watchdog's
 * line, or start a process now and then, and is found by nothing.
 */
export async function isUnwatched(
  inspected: ContainerInspectInfo,
  { client, now }: Engine,
  minute: number,
): Promise<boolean> {
  const { Id, Config, State } = inspected;
  const isOverdue = (since: string) => isOlderThanItsTime(now() - Date.parse(since), Config.Labels, minute);
  if (!isQuiet(inspected) || !isOverdue(State.StartedAt)) return false;
  const container = client.getContainer(Id);
  try {
    // A watchdog tells of itself once in that time; a signal costs ten times as much as a look at what it told.
    const told = await lastTold(container);
    if ((told && !isOverdue(told.stamp)) || (await idleTimeOf(container, longPatience))) return false;
    const again = await container.inspect();
    return again.State.StartedAt === State.StartedAt && isQuiet(again);
  } catch (error) {
    if (failureStatus(error) === 404) return false; // it went while it was asked
    throw error;
  }
}

/** Whether it runs and nobody works in it. */
function isQuiet({ State, ExecIDs }: ContainerInspectInfo): boolean {
  return State.Status === "running" && !ExecIDs?.length;
}
