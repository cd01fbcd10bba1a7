import { createHash, randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { longestPolicy } from "./policy";

/**
 * The policy lies in one file of the gateway's own user, which is replaced as a whole. Beside it the gateway notes which
 * one it took, so that whoever put it there, and whoever asks later, can tell.
 */

/** Which file this is: a file that replaces another has another inode or time. */
export async function identity(file: string): Promise<string | undefined> {
  try {
    const { ino, mtimeNs, size } = await stat(file, { bigint: true });
    return `${ino} ${mtimeNs} ${size}`;
  } catch {
    return undefined;
  }
}

/** Throws unless nobody else could have written or read it. */
export async function readPolicyFile(file: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    await judge(handle);
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}

async function judge(handle: FileHandle): Promise<void> {
  const { mode, uid, size } = await handle.stat();
  if ((mode & 0o077) !== 0 || uid !== process.getuid?.()) throw new Error("the policy's file is not this user's alone");
  if (size > longestPolicy) throw new Error("the policy is too long");
}

/** Puts a policy in place as a whole, or not at all. */
export async function writePolicyFile(file: string, json: string): Promise<void> {
  const fresh = `${file}.${randomBytes(8).toString("hex")}`;
  try {
    await writeFile(fresh, json, { mode: 0o600, flag: "wx" });
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

function noteOf(file: string): string {
  return `${file}.taken`;
}

export async function noteTaken(file: string, taken: string | undefined): Promise<void> {
  await rm(noteOf(file), { force: true });
  if (taken !== undefined) await writeFile(noteOf(file), digest(taken), { mode: 0o600 });
}

/** Whether the gateway runs on the policy that lies there now. */
export async function isTaken(file: string): Promise<boolean> {
  const lies = await identity(file);
  if (lies === undefined) return false;
  return readNote(file).then(
    (note) => note === digest(lies),
    () => false,
  );
}

async function readNote(file: string): Promise<string> {
  const handle = await open(noteOf(file), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Calls with each file that takes the place, and with undefined when there is none. By looking, as a watch can miss what
 * happens while it is set up, and has its own idea of a rename on each kind of file system.
 */
export async function follow(file: string, pause: number, onChange: (found: string | undefined) => Promise<void>) {
  let before: string | undefined;
  for (;;) {
    const found = await identity(file);
    if (found !== before) await onChange(found);
    before = found;
    await sleep(pause);
  }
}
