import { Readable } from "node:stream";
import type Docker from "dockerode";

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

type Dial = Docker["modem"]["dial"];

/**
 * An engine's client whose requests fail at their timeout. For a streamed response, the timeout ends when it begins; for a
 * streamed body, the timeout begins again with each piece that the engine takes.
 */
export function withTimeouts(client: Docker, timeouts: RequestTimeouts): Docker {
  const { modem } = client;
  const dial: Dial = modem.dial.bind(modem);
  modem.dial = (options, done) => {
    const timeoutMs = timeoutFor(options, timeouts);
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), timeoutMs);
    const { file } = options;
    if (file instanceof Readable) file.pause().on("data", () => timer.refresh()); // paused until the client reads it
    dial({ ...options, abortSignal: timeout.signal }, (error, result) => {
      clearTimeout(timer);
      done?.(timeout.signal.aborted && error ? timedOut(timeoutMs) : error, result);
    });
  };
  return client;
}

function timeoutFor({ method, path }: Parameters<Dial>[0], { connect, read, write, remove }: RequestTimeouts): number {
  if (method === "DELETE") return remove;
  if (method !== "GET") return write;
  return /^\/(version|info|libpod\/info)/.test(path) ? connect : read;
}

function timedOut(timeoutMs: number): Error {
  return Object.assign(new Error(`no response in ${timeoutMs / 1000} s`), { code: "ETIMEDOUT" });
}
