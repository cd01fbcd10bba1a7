import type Docker from "dockerode";

/** How long an engine may take over its answers, in milliseconds. */
export interface TimeLimits {
  /** To say what it is. */
  hello: number;
  /** To tell something. */
  look: number;
  /** To do something. */
  change: number;
  /** To remove a container, whose files may be many. */
  removal: number;
}

export const usualLimits: TimeLimits = { hello: 10_000, look: 30_000, change: 120_000, removal: 180_000 };

type Dial = Docker["modem"]["dial"];

/** An engine's client whose requests fail when they take too long; of what comes in a stream, when it does not begin. */
export function withTimeLimits(client: Docker, limits: TimeLimits): Docker {
  const { modem } = client;
  const dial: Dial = modem.dial.bind(modem);
  modem.dial = (options, done) => {
    const limit = limitFor(options, limits);
    const cut = new AbortController();
    const timer = setTimeout(() => cut.abort(), limit);
    dial({ ...options, abortSignal: cut.signal }, (error, result) => {
      clearTimeout(timer);
      done?.(cut.signal.aborted && error ? tooLong(limit) : error, result);
    });
  };
  return client;
}

function limitFor({ method, path }: Parameters<Dial>[0], { hello, look, change, removal }: TimeLimits): number {
  if (method === "DELETE") return removal;
  if (method !== "GET") return change;
  return /^\/(version|info|libpod\/info)/.test(path) ? hello : look;
}

function tooLong(limit: number): Error {
  return Object.assign(new Error(`no answer in ${limit / 1000} s`), { code: "ETIMEDOUT" });
}
