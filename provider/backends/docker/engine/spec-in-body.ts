import type Docker from "dockerode";
import { type Dial, withDial } from "./dial";

/**
 * An engine's client that sends the specification of a new container in the request's body alone. By itself dockerode
 * repeats all of it, the environment too, in the URL, which proxies and engines write to their logs.
 */
export function withSpecInBody(client: Docker): Docker {
  return withDial(client, (dial) => (request, done) => dial(isCreate(request) ? inBody(request) : request, done));
}

function isCreate({ method, path }: Parameters<Dial>[0]): boolean {
  return method === "POST" && path.startsWith("/containers/create?");
}

function inBody({ options: { name, ...spec } = {}, ...request }: Parameters<Dial>[0]): Parameters<Dial>[0] {
  return { ...request, options: { _query: name === undefined ? {} : { name }, _body: spec } };
}
