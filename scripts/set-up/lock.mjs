import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const beat = 2_000; // ms between the holder's heartbeats
const stale = 30_000; // ms without a heartbeat after which the holder counts as dead

/**
 * Runs `work` while this process holds the lock, which one process on this machine can. The lock of a dead holder is taken
 * over: at once where its pid no longer exists, else when its heartbeats stop.
 * @template T
 * @param {string} file
 * @param {() => void} onWait called once if another process holds the lock
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function locked(file, onWait, work) {
  // The second try takes over the lock that the first one removed from a dead holder.
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

/** Only one of several processes may remove a dead holder's file: renaming is atomic, and the renamed file is checked again. @param {string} file */
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

/** After a long suspension another process may have taken over the lock. @param {string} file */
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
