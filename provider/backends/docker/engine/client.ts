import Docker from "dockerode";
import { withConcurrencyLimit } from "./concurrency-limit";
import { withDebugLog } from "./debug-calls";
import { withHiddenCredentials } from "./hidden-credentials";
import { type RequestTimeouts, withTimeouts } from "./request-timeouts";
import { withSpecInBody } from "./spec-in-body";
import { withWholeResponses } from "./whole-responses";

/** A client of an engine, by which requests are sent as all of this package are. */
export function newClient(options: Docker.DockerOptions, timeouts: RequestTimeouts): Docker {
  const limited = withConcurrencyLimit(withDebugLog(withTimeouts(withWholeResponses(plainClient(options)), timeouts)));
  return withHiddenCredentials(withSpecInBody(limited));
}

/**
 * docker-modem reads DOCKER_HOST and its certificates too, and fails where these are wrong, although another address is given:
 * https://github.com/apocas/docker-modem/blob/master/lib/modem.js (defaultOpts)
 */
function plainClient(options: Docker.DockerOptions): Docker {
  const { DOCKER_HOST: host } = process.env;
  delete process.env["DOCKER_HOST"];
  try {
    return new Docker(options);
  } finally {
    if (host !== undefined) process.env["DOCKER_HOST"] = host;
  }
}
