import type Docker from "dockerode";
import { failureStatus } from "../engine/failure";
import { isImproperState } from "../engine/podman";
import { polls } from "../engine/polling";
import { idleLine } from "./watchdog";

const signalIntervalMs = 1_000;

/** A report of a watchdog. Code inside can write to the log as well, and so report in its place. */
export interface IdleTime {
  /** How long the sandbox has been idle, in seconds. */
  seconds: number;
  /** Whether nobody has used it since it was started; watchdogs of earlier releases did not report it. */
  isUnused: boolean;
  /** The time of the report, by the engine's clock and in its format: on Podman in whole seconds. */
  stamp: string;
  /** How many reports of that time there are. */
  count: number;
}

/**
 * Asks the watchdog of a running sandbox by a signal, to which it reports in the sandbox's log. Neither starts a process
 * inside, so it does not count as use.
 * @returns undefined where it does not report before the timeout, or the sandbox has ended
 * @throws the client's error
 */
export async function idleTimeOf(container: Docker.Container, timeoutMs: number): Promise<IdleTime | undefined> {
  try {
    const before = await lastReport(container);
    for (let waited = 0; waited < timeoutMs; waited += signalIntervalMs) {
      await container.kill({ signal: "SIGUSR1" });
      for await (const _ of polls(signalIntervalMs)) {
        const report = await lastReport(container);
        if (report && (report.stamp !== before?.stamp || report.count > before.count)) return report;
      }
    }
    return undefined;
  } catch (error) {
    const status = failureStatus(error);
    if (status === 404 || status === 409 || isImproperState(error)) return undefined; // it ended meanwhile
    throw error;
  }
}

/** The last report of a watchdog, at a signal or by itself. @throws the client's error */
export async function lastReport(container: Docker.Container): Promise<IdleTime | undefined> {
  const log = String(await container.logs({ stdout: true, timestamps: true, tail: 100 }));
  const lines = [...log.matchAll(new RegExp(`(\\d{4}-\\d\\d-\\d\\dT\\S+) ${idleLine} (\\d+)(?: of (\\d+))?\\s`, "g"))];
  const [, stamp, seconds, uptime] = lines.at(-1) ?? [];
  if (stamp === undefined) return undefined;
  const count = lines.filter(([, other]) => other === stamp).length;
  return { stamp, seconds: Number(seconds), isUnused: seconds === uptime, count };
}
