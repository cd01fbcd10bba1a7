import type Docker from "dockerode";
import type { ContainerInspectInfo } from "dockerode";
import type { Activity } from "../../backend";
import type { Engine } from "../engine/engine";
import { failureStatus } from "../engine/failure";
import { isSandbox, secondsOf, statusFrom } from "./container-spec";
import { idleTimeOf, lastReport } from "./idle-time";
import { type Labels, minutesOf } from "./labels";
import { longestPollInterval } from "./watchdog";

const reportTimeoutMs = 2_000; // for a watchdog to report its sandbox's idle time
const livenessTimeoutMs = 10_000; // for one to show that it works, on an overloaded host

/**
 * When a sandbox was last in use: the watchdog of a running one reports it, and an expired one had been idle for its limit.
 * Of another container that is not known, and the signal to which a watchdog reports would end it.
 * @param minute its length in seconds
 * @throws the client's error
 */
export async function activityOf(
  inspected: ContainerInspectInfo,
  { client, now }: Engine,
  minute: number,
): Promise<Activity> {
  const { Id, Config, State } = inspected;
  const reportedAt = Math.floor(now() / 1000);
  if (!isSandbox(inspected)) return { reportedAt };
  if (statusFrom(State) === "expired") {
    const expiredAt = secondsOf(State.FinishedAt);
    return { lastActiveAt: expiredAt - minutesOf(Config.Labels) * minute, expiredAt, reportedAt };
  }
  const idle = State.Status === "running" ? await idleTimeOf(client.getContainer(Id), reportTimeoutMs) : undefined;
  if (!idle) return { reportedAt };
  const stamp = secondsOf(idle.stamp);
  const startedAt = secondsOf(State.StartedAt);
  // Both are whole seconds, so their difference can be a second before the use, and so before the start.
  const lastActiveAt = idle.isUnused ? startedAt : Math.max(startedAt + 1, stamp - idle.seconds);
  return { lastActiveAt, startedAt, reportedAt: stamp };
}

/** Whether a sandbox of this age, in milliseconds, may have been idle for its limit. */
export function isOverdue(age: number, labels: Labels, minute: number): boolean {
  return age > (minutesOf(labels) * minute + longestPollInterval) * 1000;
}

/**
 * Whether a sandbox is overdue, its watchdog does not report, and nobody works in it (`docker exec`): code inside may have
 * stopped the watchdog. This finds mistakes and is no protection: code inside can also write the watchdog's line, or start
 * a process from time to time, and goes unnoticed.
 * @throws the client's error
 */
export async function isUnwatched(
  inspected: ContainerInspectInfo,
  { client, now }: Engine,
  minute: number,
): Promise<boolean> {
  const { Id, Config, State } = inspected;
  const isOverdueSince = (time: string) => isOverdue(now() - Date.parse(time), Config.Labels, minute);
  if (State.Status !== "running" || !isOverdueSince(State.StartedAt)) return false;
  const container = client.getContainer(Id);
  try {
    if (await isInUse(inspected, client)) return false;
    // A watchdog reports by itself once in that time. A signal costs ten times as much as reading that report.
    const last = await lastReport(container);
    if ((last && !isOverdueSince(last.stamp)) || (await idleTimeOf(container, livenessTimeoutMs))) return false;
    const again = await container.inspect();
    const isSameRun = again.State.Status === "running" && again.State.StartedAt === State.StartedAt;
    return isSameRun && !(await isInUse(again, client));
  } catch (error) {
    if (failureStatus(error) === 404) return false; // it was removed meanwhile
    throw error;
  }
}

/** Whether somebody works in it. Podman also lists processes that have ended, for five minutes. @throws the client's error */
async function isInUse({ ExecIDs }: ContainerInspectInfo, client: Docker): Promise<boolean> {
  const processes = await Promise.all((ExecIDs ?? []).map((id) => client.getExec(id).inspect()));
  return processes.some(({ Running }) => Running);
}
