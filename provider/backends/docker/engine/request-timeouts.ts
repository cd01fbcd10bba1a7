import { Readable } from "node:stream";
import type Docker from "dockerode";
import { type Dial, withDial } from "./dial";

/** How long to wait for an engine's response, in milliseconds, by kind of request. */
export interface RequestTimeouts {
  /** The first requests, for its version and features. */
  connect: number;
  read: number;
  write: number;
  /** The removal of a container, which may have many files. */
  remove: number;
}

export const defaultTimeouts: RequestTimeouts = { connect: 10_000, read: 30_000, write: 120_000, remove: 180_000 };

/**
 * An engine's client whose requests fail at their timeout. For a streamed response, the timeout ends when it begins; for a
 * streamed body, the timeout begins again with each piece that the engine takes, and does not run while the body's source has none.
 */
export function withTimeouts(client: Docker, timeouts: RequestTimeouts): Docker {
  return withDial(client, (dial) => (options, done) => {
    const timeoutMs = timeoutFor(options, timeouts);
    const timeout = new AbortController();
    const body = options.file instanceof Readable ? options.file.pause() : undefined; // paused until the client reads it
    const expire = () => (body && waitsForSource(body) ? timer.refresh() : timeout.abort());
    const timer = setTimeout(expire, timeoutMs);
    body?.on("data", () => timer.refresh());
    dial({ ...options, abortSignal: timeout.signal }, (error, result) => {
      clearTimeout(timer);
      done?.(timeout.signal.aborted && error ? timedOut(timeoutMs) : error, result);
    });
  });
}

/** Whether its reader takes more and it has nothing: a reader that is behind pauses it. */
function waitsForSource(body: Readable): boolean {
  return body.readableFlowing === true && !body.readableEnded && !body.destroyed;
}

function timeoutFor({ method, path }: Parameters<Dial>[0], { connect, read, write, remove }: RequestTimeouts): number {
  if (method === "DELETE") return remove;
  if (method !== "GET") return write;
  return /^\/(version|info|libpod\/info)/.test(path) ? connect : read;
}

function timedOut(timeoutMs: number): Error {
  return Object.assign(new Error(`no response in ${timeoutMs / 1000} s`), { code: "ETIMEDOUT" });
}
