import type Docker from "dockerode";
import { failureStatus } from "../engine/engine-errors";
import { looks } from "../engine/polling";
import { idleLine } from "./watchdog";

const repeat = 1_000; // ms after which it is asked again

/** What a watchdog reports: code inside can write to the log as well, and so report in its place. */
export interface IdleTime {
  /** How long the sandbox has been idle, in seconds. */
  seconds: number;
  /** Whether nobody has used it since it was started; watchdogs of earlier releases did not report it. */
  isUnused: boolean;
  /** When that was reported: by the engine's clock, in its words. */
  stamp: string;
}

/**
 * Asks the watchdog of a running sandbox, with a signal; it answers in the sandbox's log. Neither starts a process
 * inside, so asking is no use of the sandbox.
 * @param patience ms for it to answer
 * @returns undefined where it does not
 */
export async function idleTimeOf(container: Docker.Container, patience: number): Promise<IdleTime | undefined> {
  try {
    const before = (await lastTold(container))?.stamp;
    for (let waited = 0; waited < patience; waited += repeat) {
      await container.kill({ signal: "SIGUSR1" });
      for await (const _ of looks(repeat)) {
        const answer = await lastTold(container);
        if (answer && answer.stamp !== before) return answer;
      }
    }
    return undefined;
  } catch (error) {
    const status = failureStatus(error);
    if (status === 404 || status === 409) return undefined; // it ended meanwhile
    throw error;
  }
}

/** What a watchdog told last, asked or not. */
export async function lastTold(container: Docker.Container): Promise<IdleTime | undefined> {
  const log = String(await container.logs({ stdout: true, timestamps: true, tail: 100 }));
  const lines = log.matchAll(new RegExp(`(\\d{4}-\\d\\d-\\d\\dT\\S+) ${idleLine} (\\d+)(?: of (\\d+))?\\s`, "g"));
  const last = [...lines].at(-1);
  return last?.[1] ? { stamp: last[1], seconds: Number(last[2]), isUnused: last[2] === last[3] } : undefined;
}
