import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { backendNames } from "../model/container";

/** Which run of Pulumi: of what program, on what state, and still going on or not. */
export interface Run {
  /** The folder of the program. */
  program: string;
  /** What tells the place of the state from others, where it is known: the same program may have several. */
  state: string | undefined;
  /** The address of Pulumi's engine, `127.0.0.1:43211`, which answers for as long as the run goes on. */
  engine: string | undefined;
}

const entrySchema = z.object({
  urn: z.string(),
  program: z.string(),
  state: z.string().optional(),
  engine: z.string().optional(),
  backend: z.enum(backendNames),
  location: z.string(),
  name: z.string(),
  /** Whether nothing else has this name. */
  nameIsDrawn: z.boolean(),
  time: z.iso.datetime(),
  /** From the moment on at which it is known: on Docker before the container is made. */
  id: z.string().optional(),
});

/** What is about to be made, or was made and perhaps never came into state. */
export type Entry = z.output<typeof entrySchema>;

/** An entry and the file that holds it. */
export interface Left {
  entry: Entry;
  file: string;
}

/**
 * What this user's runs are about to make, a small file each, so that a run that was cut short is known to the next one.
 * Pulumi hands nothing over in that case, and never tells that it stored what was made: so an entry goes when a later
 * call brings its id, or at an orderly end of the run, when all that was answered is in state.
 */
export class Journal {
  private readonly own = new Map<string, Entry>();
  private old: Left[] | undefined;

  constructor(
    private readonly folder: string,
    private readonly run: Run,
  ) {}

  /** Writes down what is about to be made. It is on the disk when this returns. */
  begin(what: Omit<Entry, keyof Run | "time" | "id">): string {
    const file = join(this.folder, `${randomBytes(8).toString("hex")}.json`);
    this.write(file, { ...what, ...this.run, time: new Date().toISOString() });
    return file;
  }

  /** Adds the id to an entry, once that is known. */
  name(file: string, id: string): void {
    const entry = this.own.get(file);
    if (!entry) return;
    this.own.set(file, { ...entry, id }); // known here even if it cannot be written
    this.write(file, { ...entry, id });
  }

  /** What earlier runs of this program may have made of a resource and not brought into state. */
  leftOf(urn: string): Left[] {
    const { program, state } = this.run;
    return this.left().filter(({ entry }) => entry.urn === urn && entry.program === program && entry.state === state);
  }

  /** What earlier runs wrote down, those that still go on included. */
  left(): Left[] {
    this.old ??= read(this.folder).filter(({ file }) => !this.own.has(file));
    return this.old;
  }

  /** Pulumi has this id in its state. */
  stored(id: string): void {
    for (const { file } of this.left().filter(({ entry }) => entry.id === id)) this.drop(file);
  }

  /** Nothing was made, or what was made is gone. */
  drop(file: string): void {
    rmSync(file, { force: true });
    this.own.delete(file);
    this.old = this.old?.filter((left) => left.file !== file);
  }

  /** The run is at its orderly end: what has an id is in state. */
  end(): void {
    for (const [file, { id }] of this.own) if (id !== undefined) this.drop(file);
  }

  /** A power cut leaves the old text or the new one, whole. */
  private write(file: string, entry: Entry): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const unfinished = `${file}.new`;
    try {
      writeFileSync(unfinished, `${JSON.stringify(entry, null, 2)}\n`, { mode: 0o600, flush: true });
      renameSync(unfinished, file);
    } catch (error) {
      rmSync(unfinished, { force: true });
      throw error;
    }
    syncFolder(this.folder);
    this.own.set(file, entry);
  }
}

function syncFolder(folder: string): void {
  if (process.platform === "win32") return; // there a folder cannot be opened
  const descriptor = openSync(folder, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** Whatever is no entry, such as one that a power cut kept from its name, is passed over. */
function read(folder: string): Left[] {
  let names: string[] = [];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch {
    return []; // nothing was ever written down
  }
  return names.flatMap((name) => {
    const file = join(folder, name);
    try {
      return [{ file, entry: entrySchema.parse(JSON.parse(readFileSync(file, "utf8"))) }];
    } catch {
      return [];
    }
  });
}
