import { constants, fstatSync, openSync, readSync } from "node:fs";
import { Socket } from "node:net";
import { codeOf } from "./checks/error-code";

/** For code inside that writes into it: a pause after so many bytes, of which each read counts as a page at least. */
const pauseMs = 1000;
const most = 2 ** 21; // more than a pipe holds (pipe(7)), so that what is in it when a sandbox ends hides that from nobody
const page = 4096;

/**
 * Settles when nobody has a FIFO open for writing. The first process of a sandbox has it as long as it lives, also while
 * it is frozen: so a sandbox that ends, or is restarted with another network namespace, takes its gateway along.
 */
export async function leftBy(path: string): Promise<void> {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  // Where an engine leaves the folder to code inside, it could have put anything else there.
  if (!fstatSync(fd).isFIFO()) throw new Error("the lifeline is no FIFO");
  // A kernel does not tell the end to whom it had no writer to tell of: poll(2) against pipe(7).
  if (isAtEnd(fd)) return;
  const fifo = new Socket({ fd, readable: true, writable: false });
  let heard = 0;
  fifo.on("data", ({ length }) => {
    heard += Math.max(length, page);
    if (heard < most) return;
    heard = 0;
    fifo.pause();
    setTimeout(() => fifo.resume(), pauseMs);
  });
  await new Promise<void>((resolve) => {
    fifo.once("close", () => resolve()).on("error", () => undefined);
  });
}

function isAtEnd(fd: number): boolean {
  try {
    return readSync(fd, Buffer.alloc(1)) === 0;
  } catch (error) {
    if (codeOf(error) === "EAGAIN") return false;
    throw error;
  }
}
