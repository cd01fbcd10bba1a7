import { isDeepStrictEqual } from "node:util";
import { type Activity, type Backend, exposed, type Report, UnreachableError, unwatched } from "../backends/backend";
import { containerSchema } from "../model/container";
import type { ContainerRecord } from "../model/record";
import { withoutFolderPath } from "../model/skills";
import { span } from "./duration";
import { type End, endOf } from "./end";
import { withProgramValues } from "./import/unreported";
import { changeLines } from "./list-changes";
import { assertSameLocation } from "./location";
import { warnOfMovedTag } from "./moved-tag";
import { moved } from "./provider-move";

/** Pulumi's answer: without `changes`, its engine compares the inputs itself and shows just what differs. */
export interface Diff {
  changes?: boolean;
  replaces?: string[];
}

export interface DiffReport extends Report {
  /** A change that a replacement makes: shown at the resource. */
  info(text: string): void;
}

/** The run that a diff is a part of, and the container's backend. */
export interface DiffContext {
  /** Opens the container's backend. */
  open(): Promise<Backend>;
  /** Whether to read the container's live state; otherwise the recorded one counts. */
  checksLiveness: boolean;
  /** The inputs in state. Undefined in a refresh, which compares the live state that it has read, and replaces nothing. */
  recordedInputs: Record<string, unknown> | undefined;
  /** The arguments that the program made secret. */
  secretArguments: readonly string[];
  /** The URN of this process's explicit provider; none for the default one. */
  provider: string | undefined;
  report: DiffReport;
}

const args = Object.keys(containerSchema.shape);

const inUseSeconds = 5 * 60; // a container counts as in use for this long after its last use

/**
 * Whether the container in state is still the one that the program describes. The API has no update, so any argument that
 * differs replaces the container; one that stopped is repaired, and one that expired or is gone is replaced. Changes
 * nothing, as previews call it.
 * @throws BackendError where this run uses another account or engine than the container's, or where that fails
 */
export async function diff(
  id: string,
  recorded: ContainerRecord,
  inputs: Record<string, unknown>,
  context: DiffContext,
): Promise<Diff> {
  const { checksLiveness, recordedInputs, secretArguments, report } = context;
  const record = withProgramValues(recorded, inputs, recordedInputs);
  const changed = args.filter((arg) => differs(arg, record, inputs));
  const isChanged = changed.length > 0;
  if (recordedInputs) for (const line of changeLines(record, inputs, secretArguments)) report.info(line);

  const move = recordedInputs && (await moved(id, record, context));
  if (move !== undefined) {
    report.warning("OC2009", move);
    return replacedFor("provider", changed, inputs, recordedInputs);
  }
  const live = checksLiveness || isChanged ? await liveState(id, record, isChanged, context) : undefined;
  const end = live ? endOf(live.status, record, live.activity) : recordedEnd(record, checksLiveness);
  if (end) {
    report.warning(end.code, `container ${id} ${end.words}: up replaces it with a new, empty container`);
    return replacedFor(end.reason, changed, inputs, recordedInputs);
  }
  if (isChanged) {
    if (recordedInputs) warnOfUse(id, record, live, report);
    return { replaces: changed };
  }
  if (live) await warnOfMovedTag(id, record, live.backend, secretArguments.includes("docker"), report);
  return live ? repair(id, record, live, report) : { changes: record.status === "provisioning" };
}

/** The answer for a replacement with another reason than its arguments, beside those that changed too. */
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

interface LiveState {
  backend: Backend;
  status: string | undefined;
  /** Known of a container that expired or is to be replaced. */
  activity: Activity | undefined;
  /** How the backend would repair it, if it can. */
  repair: string | undefined;
}

/** The live state, if it can be read: a preview works without the backend too, and then knows the program only. */
async function liveState(
  id: string,
  record: ContainerRecord,
  isChanged: boolean,
  { open, checksLiveness, recordedInputs, report }: DiffContext,
): Promise<LiveState | undefined> {
  try {
    const backend = await open();
    // Before a replacement too: the new one would be created elsewhere, and the old one be out of reach.
    assertSameLocation(id, record, backend);
    if (!checksLiveness) return undefined;
    const status = await backend.status(id, record, report);
    const isToBeReplaced = isChanged && recordedInputs !== undefined && endOf(status, record) === undefined;
    const isOfInterest = status === "expired" || isToBeReplaced;
    const activity = isOfInterest ? await backend.activity(id, record, report) : undefined;
    return { backend, status, activity, repair: backend.repairable.get(status ?? "") };
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    if (checksLiveness) report.runWarning("OC2007", `skipped the liveness check: ${error.message}`);
    return undefined;
  }
}

/** The end that state records. Expired containers, and those that are gone, a refresh does not record but drops. */
function recordedEnd(record: ContainerRecord, checksLiveness: boolean): End | undefined {
  const isRecorded = record.status === unwatched || record.status === exposed;
  return !checksLiveness && isRecorded ? endOf(record.status, record) : undefined;
}

function differs(arg: string, record: Record<string, unknown>, inputs: Record<string, unknown>): boolean {
  // An auto-generated name stays.
  if (arg === "name" && inputs["name"] === undefined) return false;
  return !isDeepStrictEqual(comparable(inputs[arg]), comparable(record[arg]));
}

/** Of a list that may be one of skills, without the places of folders. */
function comparable(value: unknown): unknown {
  return Array.isArray(value) ? value.map(withoutFolderPath) : value;
}

/** Warns before a container is replaced that something still uses. */
function warnOfUse(id: string, { createdAt = 0 }: ContainerRecord, live: LiveState | undefined, report: Report): void {
  const { lastActiveAt, startedAt = createdAt, expiredAt, reportedAt = 0 } = live?.activity ?? {};
  if (lastActiveAt === undefined || expiredAt !== undefined) return;
  const isUnused = lastActiveAt <= startedAt;
  if (isUnused || reportedAt - lastActiveAt > inUseSeconds) return;
  report.warning(
    "OC2006",
    `container ${id} is in use, last active ${span(reportedAt - lastActiveAt)} ago: replacing it loses its files under /mnt/data, its processes and its installed packages`,
  );
}

function repair(id: string, record: ContainerRecord, { status, repair: how }: LiveState, report: Report): Diff {
  if (how) report.warning("OC2005", `container ${id} is ${status}: up ${how}`);
  return { changes: how !== undefined || record.status === "provisioning" };
}
