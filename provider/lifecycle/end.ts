import { type Activity, exposed, unwatched } from "../backends/backend";
import type { ContainerRecord } from "../model/record";
import { counted, span } from "./duration";

/** How a container has come to an end. */
export interface End {
  /** One word, which Pulumi shows among the reasons of a replacement. */
  reason: string;
  /** `expired 12 minutes ago (terminated after 20 idle minutes)` */
  words: string;
}

/** @returns undefined for a status with which a container lives on, or can be repaired */
export function endOf(
  status: string | undefined,
  { expiresAfter: { minutes } }: Pick<ContainerRecord, "expiresAfter">,
  { expiredAt, reportedAt = 0 }: Partial<Activity> = {},
): End | undefined {
  const limit = counted(minutes, "idle minute");
  switch (status) {
    case undefined:
      return { reason: "gone", words: "is gone" };
    case "expired": {
      const ago = expiredAt === undefined ? "" : ` ${span(reportedAt - expiredAt)} ago`;
      return { reason: status, words: `expired${ago} (terminated after ${limit})` };
    }
    case unwatched:
      return { reason: status, words: `is unwatched (the watchdog that terminates it after ${limit} does not answer)` };
    case exposed:
      return {
        reason: status,
        words:
          "is exposed (made by an earlier version, it is on a network over which it can send to the engine's host)",
      };
    default:
      return undefined;
  }
}
