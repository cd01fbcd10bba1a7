import { constants, fstatSync, openSync, readSync } from "node:fs";
import { Socket } from "node:net";
import { codeOf } from "./checks/error-code";

/** Against code inside that writes into it: a pause after so many bytes, of which each read counts as a page at least. */
const pauseMs = 1000;
const most = 2 ** 21; // more than a pipe holds (pipe(7)), so that its content never hides the end of a sandbox
const page = 4096;

/**
 * Settles when no process has the FIFO open for writing. The first process of a sandbox has it as long as it lives, also
 * while it is frozen: so the gateway ends with its sandbox, also when that is restarted with another network namespace.
 */
export async function sandboxEnded(path: string): Promise<void> {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  // Where code inside can write to the folder, it could have replaced the FIFO.
  if (!fstatSync(fd).isFIFO()) throw new Error("the lifeline is no FIFO");
  // The kernel does not report the end of a FIFO that had no writer since it was opened: poll(2) against pipe(7).
  if (isAtEnd(fd)) return;
  const fifo = new Socket({ fd, readable: true, writable: false });
  let readBytes = 0;
  fifo.on("data", ({ length }) => {
    readBytes += Math.max(length, page);
    if (readBytes < most) return;
    readBytes = 0;
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
