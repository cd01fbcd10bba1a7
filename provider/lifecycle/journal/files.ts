import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { backendNames } from "../../model/container";

const entrySchema = z.object({
  urn: z.string(),
  program: z.string(),
  state: z.string().optional(),
  engine: z.string().optional(),
  process: z.object({ pid: z.int().positive(), started: z.string() }).optional(),
  backend: z.enum(backendNames),
  location: z.string(),
  name: z.string(),
  /** Whether the name is auto-generated, so that no other container has it. */
  nameIsDrawn: z.boolean(),
  time: z.iso.datetime(),
  /** Present once it is known: on Docker before the container is created. */
  id: z.string().optional(),
  /** When the id became known, which on Docker is when the container was requested. */
  named: z.iso.datetime().optional(),
  /** The id of a container of this name that is no orphan. */
  besides: z.string().optional(),
});

/** A container that is about to be created, or was created and perhaps never came into state. */
export type Entry = z.output<typeof entrySchema>;

/** An entry and the file that holds it. */
export interface PendingEntry {
  entry: Entry;
  file: string;
}

/** The contents of a journal's folder. */
interface Folder {
  pending: PendingEntry[];
  /** Files that may be entries, and why they cannot be read. */
  unreadable: { file: string; error: unknown }[];
  /** Files that are no entries, such as one that a power cut left under its temporary name. */
  unrecognized: string[];
}

export function newFile(folder: string): string {
  return join(folder, `${randomBytes(8).toString("hex")}.json`);
}

/** The key by which the command line names an entry: `0123456789abcdef`. */
export function keyOf(file: string): string {
  return basename(file, ".json");
}

/** After a power cut the file has the old text or the new one, whole. */
export function write(file: string, entry: Entry): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unfinished = `${file}.new`;
  try {
    writeFileSync(unfinished, `${JSON.stringify(entry, null, 2)}\n`, { mode: 0o600, flush: true });
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
  syncFolder(folder);
}

function syncFolder(folder: string): void {
  if (process.platform === "win32") return; // there a folder cannot be opened
  const descriptor = openSync(folder, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/**
 * Reads a folder. One that does not exist has no entries.
 * @throws NodeJS.ErrnoException where it cannot be read
 */
export function read(folder: string): Folder {
  const found: Folder = { pending: [], unreadable: [], unrecognized: [] };
  for (const name of namesIn(folder)) {
    const file = join(folder, name);
    if (!name.endsWith(".json")) found.unrecognized.push(file);
    else readInto(found, file);
  }
  // A file that has gone meanwhile was that of a run which goes on.
  found.unrecognized = found.unrecognized.filter((file) => existsSync(file));
  return found;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function readInto({ pending, unreadable, unrecognized }: Folder, file: string): void {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (!isMissing(error)) unreadable.push({ file, error });
    return;
  }
  const entry = entrySchema.safeParse(parsed(text)).data;
  if (entry) pending.push({ file, entry });
  else unrecognized.push(file);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // torn
  }
}

function isMissing(error: unknown): boolean {
  return hasCode(error, "ENOENT");
}

/** Whether reading a file failed as it is a folder. */
export function isFolder(error: unknown): boolean {
  return hasCode(error, "EISDIR");
}

/** The file that is in the path of a folder in place of a folder, if reading the folder failed for that. */
export function fileInPath(folder: string, error: unknown): string | undefined {
  if (!hasCode(error, "ENOTDIR")) return undefined;
  return existsSync(folder) ? folder : fileInPath(dirname(folder), error);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
