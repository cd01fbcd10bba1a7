import { existsSync, rmSync } from "node:fs";
import type { Orphan } from "../../backends/backend";
import type { Code } from "../../codes";
import { type Entry, isFolder, newFile, type PendingEntry, read, reasonOf, write } from "./files";
import type { ProcessMark } from "./process-mark";

/** A run of Pulumi: of which program, on which state, and how to tell whether it still goes on. */
export interface Run {
  /** The folder of the program. */
  program: string;
  /** A fingerprint of the address of the state, where it is known: the same program may have several. */
  state: string | undefined;
  /** The address of Pulumi's engine, `127.0.0.1:43211`, which answers for as long as the run goes on. */
  engine: string | undefined;
  /** The provider's process, as another engine may have that address later. */
  process: ProcessMark | undefined;
}

/**
 * The containers that this user's runs are about to create, a small file each, so that the next run knows of an
 * interrupted one. Pulumi passes nothing on in that case, and never reports that it stored a container: so an entry goes
 * when a later call brings its id, or at an orderly end of the run, when all answers are in state. A failure of
 * the files is a warning, and fails no call.
 */
export class Journal {
  private readonly own = new Map<string, Entry>();
  private earlier: PendingEntry[] | undefined;

  /** @param warn takes a warning of what the journal could not do, and of its consequence */
  constructor(
    private readonly folder: string,
    private readonly run: Run,
    private readonly warn: (code: Code, text: string) => void,
  ) {}

  /** Writes an entry for a container that is about to be created. It is on the disk when this returns. */
  begin(what: Omit<Entry, keyof Run | "time" | "id" | "named" | "besides">): string {
    const file = newFile(this.folder);
    const entry = { ...what, ...this.run, time: new Date().toISOString() };
    this.own.set(file, entry);
    this.write(file, entry);
    return file;
  }

  /** Adds the id to an entry, once that is known. */
  setId(file: string, id: string): void {
    const entry = this.own.get(file);
    if (!entry) return;
    const named = { ...entry, id, named: new Date().toISOString() };
    this.own.set(file, named);
    this.write(file, named);
  }

  /** Writes an entry for what a create may have made besides. No later call of this run settles it. */
  orphaned(file: string, orphan: Orphan): void {
    const entry = this.own.get(file);
    if (entry) this.write(newFile(this.folder), { ...entry, ...orphan });
  }

  /** The entries of a resource that earlier runs of this program, on this state, did not settle. */
  pendingFor(urn: string): PendingEntry[] {
    const { program, state } = this.run;
    return this.pending().filter(
      ({ entry }) => entry.urn === urn && entry.program === program && entry.state === state,
    );
  }

  /** Removes the entries of a container that is in state. */
  settle(id: string): void {
    for (const { file } of this.pending().filter(({ entry }) => entry.id === id)) this.drop(file);
  }

  /** Removes an entry of which no container exists, or none any more. */
  drop(file: string): void {
    this.own.delete(file);
    this.earlier = this.earlier?.filter((pending) => pending.file !== file);
    try {
      rmSync(file, { force: true });
    } catch (error) {
      if (!existsSync(file)) return; // it could not be written either
      this.warn(
        "OC2020",
        `cannot remove settled entries of the journal in ${this.folderAnd(error)}: later runs may take them for orphans. Make that folder writable`,
      );
    }
  }

  /** Settles, at the orderly end of the run, all entries with an id: their containers are in state. */
  end(): void {
    for (const [file, { id }] of this.own) if (id !== undefined) this.drop(file);
  }

  /** The entries of earlier runs, those that still go on included. */
  private pending(): PendingEntry[] {
    this.earlier ??= this.read().filter(({ file }) => !this.own.has(file));
    return this.earlier;
  }

  private read(): PendingEntry[] {
    try {
      const { pending, unreadable } = read(this.folder);
      if (unreadable[0]) this.warnOfEntry(unreadable[0]);
      return pending;
    } catch (error) {
      this.warnOfReading(
        this.folderAnd(error),
        "Make it a folder that is readable for the user who runs Pulumi, or set XDG_STATE_HOME",
      );
      return [];
    }
  }

  private warnOfEntry({ file, error }: { file: string; error: unknown }): void {
    const [reason = ""] = reasonOf(error).split(", ");
    if (isFolder(error)) this.warnOfReading(`${this.folder} (${file} is a folder)`, "Remove that folder");
    else
      this.warnOfReading(`${this.folder} (${file}: ${reason})`, "Make that file readable for the user who runs Pulumi");
  }

  private warnOfReading(where: string, advice: string): void {
    this.warn(
      "OC2019",
      `cannot read the journal in ${where}: containers that interrupted runs orphaned may be missed. ${advice}`,
    );
  }

  private write(file: string, entry: Entry): void {
    try {
      write(file, entry);
    } catch (error) {
      this.warn(
        "OC2018",
        `cannot write the journal in ${this.folderAnd(error)}: a container is orphaned if this run is interrupted while it is created. Make that folder writable, or set XDG_STATE_HOME to one that is`,
      );
    }
  }

  /** The folder and the reason, without the file, as each warning is shown once. */
  private folderAnd(error: unknown): string {
    const [reason = ""] = reasonOf(error).split(", ");
    return `${this.folder} (${reason})`;
  }
}
