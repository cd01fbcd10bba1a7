import { type Activity, exposed, unwatched } from "../backends/backend";
import type { Code } from "../codes";
import type { ContainerRecord } from "../model/record";
import { counted, span } from "./duration";

/** Why a container has to be replaced although no argument changed. */
export interface End {
  code: Code;
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
      return { code: "OC2002", reason: "gone", words: "is gone" };
    case "expired": {
      const ago = expiredAt === undefined ? "" : ` ${span(reportedAt - expiredAt)} ago`;
      return { code: "OC2001", reason: status, words: `expired${ago} (terminated after ${limit})` };
    }
    case unwatched: {
      const words = `is unwatched (the watchdog that terminates it after ${limit} does not answer)`;
      return { code: "OC2003", reason: status, words };
    }
    case exposed: {
      const words =
        "is exposed (created by an earlier version, on a network over which it can send packets to the engine's host)";
      return { code: "OC2004", reason: status, words };
    }
    default:
      return undefined;
  }
}
