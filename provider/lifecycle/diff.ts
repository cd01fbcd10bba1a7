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
  const replaces = args.filter((arg) => differs(arg, record, inputs));
  if (replaces.length > 0) return { replaces };
  return live(id, record, open, report);
}

function differs(arg: string, record: Record<string, unknown>, inputs: Record<string, unknown>): boolean {
  // A name that the program leaves to us was drawn once and stays.
  if (arg === "name" && inputs["name"] === undefined) return false;
  return !isDeepStrictEqual(inputs[arg], record[arg]);
}

async function live(id: string, record: ContainerRecord, open: () => Promise<Backend>, report: Report): Promise<Diff> {
  let status: string | undefined;
  try {
    const backend = await open();
    assertSamePlace(id, record, backend);
    status = (await backend.observe(id))?.status;
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    report.warning(`what became of containers since was not looked at: ${error.message}`);
    return { changes: false };
  }
  if (status === undefined || status === "expired") {
    const { minutes } = record.expiresAfter;
    const why = status ? `has expired after ${minutes} idle ${minutes === 1 ? "minute" : "minutes"}` : "is gone";
    report.warning(`container ${id} ${why}: the next up puts a new, empty one in its place`);
    return { changes: true, replaces: [status ?? "gone"] };
  }
  if (status === "stopped") report.warning(`container ${id} is stopped: the next up starts it again, with its files`);
  return { changes: status === "stopped" || record.status === "provisioning" };
}
