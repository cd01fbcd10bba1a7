import { inspect } from "node:util";
import type Docker from "dockerode";
import { withDial } from "./dial";

/**
 * An engine's client that sends credentials for a registry and never prints them. Where the variable `DEBUG` is `*` or
 * `modem`, docker-modem prints each request with its headers, one of which has them.
 */
export function withHiddenCredentials(client: Docker): Docker {
  return withDial(
    client,
    (dial) =>
      ({ authconfig, ...request }, done) =>
        dial(authconfig ? { ...request, headers: headersWith(authconfig, request.headers) } : request, done),
  );
}

function headersWith(credentials: object, others: object = {}) {
  const header = Buffer.from(JSON.stringify(credentials)).toString("base64").replace(/\+/g, "-").replace(/\//g, "_");
  const hidden = { [inspect.custom]: { value: () => "[headers with credentials]", enumerable: false } };
  return Object.defineProperties({ ...others, "X-Registry-Auth": header }, hidden);
}
