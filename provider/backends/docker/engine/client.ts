import { globalAgent as httpAgent } from "node:http";
import { globalAgent as httpsAgent } from "node:https";
import Docker from "dockerode";
import type { ClientOptions } from "./client-options";
import { withConcurrencyLimit } from "./concurrency-limit";
import { withDebugLog } from "./debug-calls";
import { withHiddenCredentials } from "./hidden-credentials";
import { type RequestTimeouts, withTimeouts } from "./request-timeouts";
import { withSpecInBody } from "./spec-in-body";
import { withWholeResponses } from "./whole-responses";
import { withoutRedirects } from "./without-redirects";

/** A client of an engine, by which requests are sent as all of this package are. */
export function newClient(options: ClientOptions, timeouts: RequestTimeouts): Docker {
  const limited = withConcurrencyLimit(withDebugLog(withTimeouts(withWholeResponses(plainClient(options)), timeouts)));
  return withHiddenCredentials(withSpecInBody(limited));
}

/**
 * docker-modem reads DOCKER_HOST and its certificates too, and fails where these are wrong, although another address is given:
 * https://github.com/apocas/docker-modem/blob/master/lib/modem.js (defaultOpts)
 */
function plainClient(options: ClientOptions): Docker {
  const { agent = options.protocol === "https" ? httpsAgent : httpAgent } = options;
  const unredirected: ClientOptions = { ...options, agent: withoutRedirects(agent) };
  const { DOCKER_HOST: host } = process.env;
  delete process.env["DOCKER_HOST"];
  try {
    return new Docker(unredirected);
  } finally {
    if (host !== undefined) process.env["DOCKER_HOST"] = host;
  }
}
