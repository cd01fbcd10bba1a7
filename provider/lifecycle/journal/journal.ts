import { existsSync, rmSync } from "node:fs";
import type { Orphan } from "../../backends/backend";
import { type Entry, type Left, newFile, read, reasonOf, write } from "./files";
import type { ProcessMark } from "./process-mark";

/** Which run of Pulumi: of what program, on what state, and still going on or not. */
export interface Run {
  /** The folder of the program. */
  program: string;
  /** What tells the place of the state from others, where it is known: the same program may have several. */
  state: string | undefined;
  /** The address of Pulumi's engine, `127.0.0.1:43211`, which answers for as long as the run goes on. */
  engine: string | undefined;
  /** The provider's process, as another engine may have that address later. */
  process: ProcessMark | undefined;
}

/**
 * What this user's runs are about to make, a small file each, so that an interrupted run is known to the next one.
 * Pulumi hands nothing over in that case, and never tells that it stored what was made: so an entry goes when a later
 * call brings its id, or at an orderly end of the run, when all that was answered is in state. Whatever is wrong with
 * the files is a warning, and keeps nobody from working.
 */
export class Journal {
  private readonly own = new Map<string, Entry>();
  private old: Left[] | undefined;

  /** @param warn says what the journal could not do, and what that may cost */
  constructor(
    private readonly folder: string,
    private readonly run: Run,
    private readonly warn: (text: string) => void,
  ) {}

  /** Writes down what is about to be made. It is on the disk when this returns. */
  begin(what: Omit<Entry, keyof Run | "time" | "id" | "named" | "besides">): string {
    const file = newFile(this.folder);
    const entry = { ...what, ...this.run, time: new Date().toISOString() };
    this.own.set(file, entry);
    this.write(file, entry);
    return file;
  }

  /** Adds the id to an entry, once that is known. */
  name(file: string, id: string): void {
    const entry = this.own.get(file);
    if (!entry) return;
    const named = { ...entry, id, named: new Date().toISOString() };
    this.own.set(file, named);
    this.write(file, named);
  }

  /** Writes down what the create of an entry may have made besides. No later call of this run will settle it. */
  orphaned(file: string, what: Orphan): void {
    const entry = this.own.get(file);
    if (entry) this.write(newFile(this.folder), { ...entry, ...what });
  }

  /** What earlier runs of this program may have made of a resource and not brought into state. */
  leftOf(urn: string): Left[] {
    const { program, state } = this.run;
    return this.left().filter(({ entry }) => entry.urn === urn && entry.program === program && entry.state === state);
  }

  /** Pulumi has this id in its state. */
  stored(id: string): void {
    for (const { file } of this.left().filter(({ entry }) => entry.id === id)) this.drop(file);
  }

  /** Nothing was made, or what was made is gone. */
  drop(file: string): void {
    this.own.delete(file);
    this.old = this.old?.filter((left) => left.file !== file);
    try {
      rmSync(file, { force: true });
    } catch (error) {
      if (!existsSync(file)) return; // it could not be written either
      const folder = this.named(error);
      this.warn(
        `cannot remove settled entries of the journal in ${folder}: later runs may take them for orphans. Make that folder writable`,
      );
    }
  }

  /** The run is at its orderly end: what has an id is in state. */
  end(): void {
    for (const [file, { id }] of this.own) if (id !== undefined) this.drop(file);
  }

  /** What earlier runs wrote down, those that still go on included. */
  private left(): Left[] {
    this.old ??= this.read().filter(({ file }) => !this.own.has(file));
    return this.old;
  }

  private read(): Left[] {
    try {
      const { left, unreadable } = read(this.folder);
      if (unreadable[0]) this.warnOfReading(unreadable[0].error);
      return left;
    } catch (error) {
      this.warnOfReading(error);
      return [];
    }
  }

  private warnOfReading(error: unknown): void {
    const folder = this.named(error);
    this.warn(
      `cannot read the journal in ${folder}: containers that interrupted runs orphaned may be missed. Make its files readable for the user who runs Pulumi`,
    );
  }

  private write(file: string, entry: Entry): void {
    try {
      write(file, entry);
    } catch (error) {
      const folder = this.named(error);
      this.warn(
        `cannot write the journal in ${folder}: a container is orphaned if this run is interrupted while it is created. Make that folder writable, or set XDG_STATE_HOME to one that is`,
      );
    }
  }

  /** The folder and what is wrong with it, without a file, as each warning is said once. */
  private named(error: unknown): string {
    const [reason = ""] = reasonOf(error).split(", ");
    return `${this.folder} (${reason})`;
  }
}
