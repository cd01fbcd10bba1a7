import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const beat = 2_000; // ms between the holder's signs of life
const stale = 30_000; // ms without one after which its holder is taken for dead

/**
 * Runs `work` while no other process on this machine is inside the same lock. A holder that died is succeeded:
 * at once where its process id is gone, else when its signs of life stop.
 * @template T
 * @param {string} file
 * @param {() => void} onWait called once if another holds it
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function locked(file, onWait, work) {
  // The second try succeeds a holder that the first found dead.
  for (let waited = false; !take(file) && !take(file); waited = true) {
    if (!waited) onWait();
    await sleep(250);
  }
  const beats = setInterval(() => isOurs(file) && utimesSync(file, new Date(), new Date()), beat);
  try {
    return await work();
  } finally {
    clearInterval(beats);
    if (isOurs(file)) rmSync(file, { force: true });
  }
}

/** @param {string} file */
function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (code(error) !== "EEXIST") throw error;
  }
  if (isStale(file)) clear(file);
  return false;
}

/** Only one of several that find a dead holder's file may clear it: renaming is atomic, and what was renamed is looked at again. @param {string} file */
function clear(file) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (isStale(aside)) rmSync(aside, { force: true });
  else renameSync(aside, file);
}

/** Another process takes over from one that was asleep for long. @param {string} file */
function isOurs(file) {
  try {
    return readFileSync(file, "utf8") === String(process.pid);
  } catch {
    return false;
  }
}

/** @param {string} file */
function isStale(file) {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return Date.now() - statSync(file).mtimeMs > stale || (pid > 0 && !isAlive(pid));
  } catch {
    return false; // released meanwhile
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return code(error) === "EPERM";
  }
}

/** @param {unknown} error */
function code(error) {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
