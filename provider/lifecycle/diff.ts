import { isDeepStrictEqual } from "node:util";
import { type Backend, type Report, UnreachableError } from "../backends/backend";
import { containerSchema } from "../model/container";
import type { ContainerRecord } from "../model/record";
import { assertSamePlace } from "./place";

/** Pulumi's answer: without `changes`, its engine compares the inputs itself and shows just what differs. */
export interface Diff {
  changes?: boolean;
  replaces?: string[];
}

const args = Object.keys(containerSchema.shape);

/**
 * Whether the container in state is still the one that the program describes. The API has no update, so whatever
 * argument differs replaces the container; one that stopped is repaired, and one that expired or is gone is replaced.
 * @param open the backend where the container lives
 */
export async function diff(
  id: string,
  record: ContainerRecord,
  inputs: Record<string, unknown>,
  open: () => Promise<Backend>,
  report: Report,
): Promise<Diff> {
  // Before a replacement too: elsewhere, the new one would be made and the old one be out of reach.
  const seen = await look(id, record, open, report);
  const replaces = args.filter((arg) => differs(arg, record, inputs));
  if (replaces.length > 0) return { replaces };
  return seen ? heal(id, record, seen, report) : { changes: false };
}

interface Seen {
  status: string | undefined;
  /** Whether the backend can mend it. */
  isMendable: boolean;
}

/** What a look tells, if one is possible: a preview works without the backend too, and then knows the program only. */
async function look(
  id: string,
  record: ContainerRecord,
  open: () => Promise<Backend>,
  report: Report,
): Promise<Seen | undefined> {
  try {
    const backend = await open();
    assertSamePlace(id, record, backend);
    const status = (await backend.observe(id, record, report))?.status;
    return { status, isMendable: status !== undefined && backend.mends.includes(status) };
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    report.warning(`what became of containers since was not looked at: ${error.message}`);
    return undefined;
  }
}

function differs(arg: string, record: Record<string, unknown>, inputs: Record<string, unknown>): boolean {
  // A name that the program leaves to us was drawn once and stays.
  if (arg === "name" && inputs["name"] === undefined) return false;
  return !isDeepStrictEqual(inputs[arg], record[arg]);
}

function heal(id: string, record: ContainerRecord, { status, isMendable }: Seen, report: Report): Diff {
  if (status === undefined || status === "expired") {
    const { minutes } = record.expiresAfter;
    const why = status ? `has expired after ${minutes} idle ${minutes === 1 ? "minute" : "minutes"}` : "is gone";
    report.warning(`container ${id} ${why}: up puts a new, empty one in its place`);
    return { changes: true, replaces: [status ?? "gone"] };
  }
  if (isMendable) report.warning(`container ${id} is ${status}: up starts it again, with its files`);
  return { changes: isMendable || record.status === "provisioning" };
}
