import { isDeepStrictEqual } from "node:util";
import { type Activity, type Backend, exposed, type Report, UnreachableError, unwatched } from "../backends/backend";
import { containerSchema } from "../model/container";
import type { ContainerRecord } from "../model/record";
import { span } from "./duration";
import { type End, endOf } from "./end";
import { changeLines } from "./list-changes";
import { assertSamePlace } from "./place";
import { moved } from "./provider-move";

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
  /** Whether to read the container's live state; otherwise it is taken to be as it is recorded. */
  isLooking: boolean;
  /** The inputs in state. Undefined in a refresh, which compares what it has read, and replaces nothing. */
  recordedInputs: Record<string, unknown> | undefined;
  /** The arguments that the program made secret. */
  secretArguments: readonly string[];
  /** The URN of this process's explicit provider; none for the default one. */
  provider: string | undefined;
  report: DiffReport;
}

const args = Object.keys(containerSchema.shape);

const recently = 5 * 60; // seconds: what was in use so short a time ago is taken to be in use

/**
 * Whether the container in state is still the one that the program describes. The API has no update, so whatever
 * argument differs replaces the container; one that stopped is repaired, and one that has ended is replaced. Changes
 * nothing, as previews ask for it.
 */
export async function diff(
  id: string,
  record: ContainerRecord,
  inputs: Record<string, unknown>,
  circumstances: Circumstances,
): Promise<Diff> {
  const { isLooking, recordedInputs, secretArguments, report } = circumstances;
  const changed = args.filter((arg) => differs(arg, record, inputs));
  const isChanged = changed.length > 0;
  if (recordedInputs) for (const line of changeLines(record, inputs, secretArguments)) report.info(line);

  const move = recordedInputs && (await moved(id, record, circumstances));
  if (move !== undefined) {
    report.warning("OC0000", move);
    return replacedFor("provider", changed, inputs, recordedInputs);
  }
  const seen = isLooking || isChanged ? await look(id, record, isChanged, circumstances) : undefined;
  const end = seen ? endOf(seen.status, record, seen.activity) : recordedEnd(record, isLooking);
  if (end) {
    report.warning("OC0000", `container ${id} ${end.words}: up replaces it with a new, empty container`);
    return replacedFor(end.reason, changed, inputs, recordedInputs);
  }
  if (isChanged) {
    if (recordedInputs) warnOfUse(id, record, seen, report);
    return { replaces: changed };
  }
  return seen ? repair(id, record, seen, report) : { changes: record.status === "provisioning" };
}

/** For another reason than its arguments, beside those that changed too. */
function replacedFor(
  reason: string,
  changed: string[],
  inputs: Record<string, unknown>,
  recordedInputs: Record<string, unknown> | undefined,
): Diff {
  // Without `changes`, an engine that finds the same inputs would replace nothing.
  const isShown = recordedInputs && args.some((arg) => !isDeepStrictEqual(inputs[arg], recordedInputs[arg]));
  return { ...(!isShown && { changes: true }), replaces: [...changed, reason] };
}

interface Seen {
  status: string | undefined;
  /** Known of what has expired, and of what is to be replaced. */
  activity: Activity | undefined;
  /** What the backend does to repair it, if it can. */
  repair: string | undefined;
}

/** The live state, if it can be read: a preview works without the backend too, and then knows the program only. */
async function look(
  id: string,
  record: ContainerRecord,
  isChanged: boolean,
  { open, isLooking, recordedInputs, report }: Circumstances,
): Promise<Seen | undefined> {
  try {
    const backend = await open();
    // Before a replacement too: elsewhere, the new one would be made and the old one be out of reach.
    assertSamePlace(id, record, backend);
    if (!isLooking) return undefined;
    const status = await backend.status(id, record, report);
    const isToBeReplaced = isChanged && recordedInputs !== undefined && endOf(status, record) === undefined;
    const isOfInterest = status === "expired" || isToBeReplaced;
    const activity = isOfInterest ? await backend.activity(id, record, report) : undefined;
    return { status, activity, repair: backend.repairable.get(status ?? "") };
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    if (isLooking) report.runWarning("OC0000", `skipped the liveness check: ${error.message}`);
    return undefined;
  }
}

/** Of a container that nobody looks at. What a refresh finds expired or gone it does not record, but drops. */
function recordedEnd(record: ContainerRecord, isLooking: boolean): End | undefined {
  const isRecorded = record.status === unwatched || record.status === exposed;
  return !isLooking && isRecorded ? endOf(record.status, record) : undefined;
}

function differs(arg: string, record: Record<string, unknown>, inputs: Record<string, unknown>): boolean {
  // A name that the program leaves to us was drawn once and stays.
  if (arg === "name" && inputs["name"] === undefined) return false;
  return !isDeepStrictEqual(inputs[arg], record[arg]);
}

/** Of a container that is replaced although it is alive and somebody works in it. */
function warnOfUse(id: string, { createdAt = 0 }: ContainerRecord, seen: Seen | undefined, report: Report): void {
  const { lastActiveAt, startedAt = createdAt, expiredAt, reportedAt = 0 } = seen?.activity ?? {};
  if (lastActiveAt === undefined || expiredAt !== undefined) return;
  const isUnused = lastActiveAt <= startedAt;
  if (isUnused || reportedAt - lastActiveAt > recently) return;
  report.warning(
    "OC0000",
    `container ${id} is in use, last active ${span(reportedAt - lastActiveAt)} ago: replacing it loses its files under /mnt/data, its processes and what was installed in it`,
  );
}

function repair(id: string, record: ContainerRecord, { status, repair: how }: Seen, report: Report): Diff {
  if (how) report.warning("OC0000", `container ${id} is ${status}: up ${how}`);
  return { changes: how !== undefined || record.status === "provisioning" };
}
