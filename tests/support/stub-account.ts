import { Readable } from "node:stream";
import type { AccountFile, AccountSkill, OpenAccount } from "../../provider/backends/account-content";
import { BackendError } from "../../provider/backends/backend";

/** A file of an account in memory, with its content or with how that is made. */
export interface StubFile {
  name: string;
  content: Buffer | { bytes: number; pieces: () => AsyncIterable<Uint8Array> };
  /** What its download waits for before it begins. Default: nothing. */
  requested?: (until: AbortSignal) => Promise<void>;
}

/** An account in memory, with its files and skills by their ids. */
export function stubAccount(files: Record<string, StubFile>, skills: Record<string, AccountSkill> = {}): OpenAccount {
  return async () => ({
    file: async (id) => accountFile(id, files[id] ?? missing(id)),
    skill: async (id) => skills[id] ?? missing(id),
  });
}

function accountFile(id: string, { name, content, requested = async () => {} }: StubFile): AccountFile {
  const { bytes, pieces } = Buffer.isBuffer(content) ? { bytes: content.length, pieces: () => [content] } : content;
  const download = async (until: AbortSignal) => {
    await requested(until);
    return readable(pieces());
  };
  return { id, name, bytes, content: download };
}

function readable(pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Readable {
  return Readable.from(pieces, { objectMode: false });
}

function missing(id: string): never {
  throw new BackendError("OC2137", `The account has no ${id}`, "Correct the id");
}
