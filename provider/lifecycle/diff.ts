import { isDeepStrictEqual } from "node:util";
import { type Activity, type Backend, type Report, UnreachableError } from "../backends/backend";
import { containerSchema } from "../model/container";
import type { ContainerRecord } from "../model/record";
import { changeLines } from "./changes";
import { moved } from "./moved";
import { assertSamePlace } from "./place";
import { counted, span } from "./span";

/** Pulumi's answer: without `changes`, its engine compares the inputs itself and shows just what differs. */
export interface Diff {
  changes?: boolean;
  replaces?: string[];
}

export interface DiffReport extends Report {
  /** Says what changes, which is neither progress nor trouble. */
  info(text: string): void;
}

/** What a diff is told besides the container. */
export interface Circumstances {
  /** Opens the backend where the container lives. */
  open(): Promise<Backend>;
  /** Whether to look at what became of the container; otherwise it is taken to be as it is recorded. */
  isLooking: boolean;
  /** Whether a refresh compares what it has read: it replaces nothing. */
  isRefresh: boolean;
  /** The name of this process's explicit provider; none for the default one. */
  provider: string | undefined;
  /** The arguments that the program made secret. */
  secretArguments: readonly string[];
  report: DiffReport;
}

const args = Object.keys(containerSchema.shape);

const recently = 5 * 60; // seconds: what was in use so short a time ago is taken to be in use

/**
 * Whether the container in state is still the one that the program describes. The API has no update, so whatever
 * argument differs replaces the container; one that stopped is repaired, and one that expired or is gone is replaced.
 */
export async function diff(
  id: string,
  record: ContainerRecord,
  inputs: Record<string, unknown>,
  circumstances: Circumstances,
): Promise<Diff> {
  const { isLooking, isRefresh, secretArguments, report } = circumstances;
  const replaces = args.filter((arg) => differs(arg, record, inputs));
  const isReplaced = replaces.length > 0;
  const move = isRefresh ? undefined : await moved(id, record, circumstances.provider, circumstances.open);
  if (move !== undefined) {
    report.warning(move);
    for (const line of changeLines(record, inputs, secretArguments)) report.info(line);
    return isReplaced ? { replaces } : { changes: true, replaces: ["provider"] };
  }
  const seen = isLooking || isReplaced ? await look(id, record, isReplaced, circumstances) : undefined;
  if (isReplaced) {
    if (isRefresh) return { replaces };
    for (const line of changeLines(record, inputs, secretArguments)) report.info(line);
    warnOfUse(id, seen, report);
    return { replaces };
  }
  return seen ? heal(id, record, seen, report) : { changes: record.status === "provisioning" };
}

interface Seen {
  status: string | undefined;
  /** Known of what has expired, and of what is to be replaced. */
  activity: Activity | undefined;
  /** What the backend does to mend it, if it can. */
  mending: string | undefined;
}

/** What a look tells, if one is possible: a preview works without the backend too, and then knows the program only. */
async function look(
  id: string,
  record: ContainerRecord,
  isReplaced: boolean,
  { open, isLooking, isRefresh, report }: Circumstances,
): Promise<Seen | undefined> {
  try {
    const backend = await open();
    // Before a replacement too: elsewhere, the new one would be made and the old one be out of reach.
    assertSamePlace(id, record, backend);
    if (!isLooking) return undefined;
    const status = await backend.status(id, record, report);
    const isOfInterest = status === "expired" || (status !== undefined && isReplaced && !isRefresh);
    const activity = isOfInterest ? await backend.activity(id, record, report) : undefined;
    return { status, activity, mending: backend.mends.get(status ?? "") };
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    if (isLooking) report.warning(`what became of containers since was not looked at: ${error.message}`);
    return undefined;
  }
}

function differs(arg: string, record: Record<string, unknown>, inputs: Record<string, unknown>): boolean {
  // A name that the program leaves to us was drawn once and stays.
  if (arg === "name" && inputs["name"] === undefined) return false;
  return !isDeepStrictEqual(inputs[arg], record[arg]);
}

/** Of a container that is replaced although it is alive and somebody works in it. */
function warnOfUse(id: string, seen: Seen | undefined, report: Report): void {
  const { lastActiveAt, expiredAt, toldAt = 0 } = seen?.activity ?? {};
  if (lastActiveAt === undefined || expiredAt !== undefined || toldAt - lastActiveAt > recently) return;
  report.warning(
    `container ${id} is in use, last active ${span(toldAt - lastActiveAt)} ago: replacing it loses its files under /mnt/data, its processes and what was installed in it`,
  );
}

function heal(id: string, record: ContainerRecord, { status, activity, mending }: Seen, report: Report): Diff {
  if (status === undefined || status === "expired") {
    const why = status
      ? `${expired(activity)}: idle for ${counted(record.expiresAfter.minutes, "minute")};`
      : "is gone:";
    report.warning(`container ${id} ${why} up puts a new, empty one in its place`);
    return { changes: true, replaces: [status ?? "gone"] };
  }
  if (mending) report.warning(`container ${id} is ${status}: up ${mending}`);
  return { changes: mending !== undefined || record.status === "provisioning" };
}

function expired({ expiredAt, toldAt = 0 }: Partial<Activity> = {}): string {
  return expiredAt === undefined ? "expired" : `expired ${span(toldAt - expiredAt)} ago`;
}
