import type Docker from "dockerode";
import { debugCall } from "../../../debug-log";
import { at } from "../../../model/unknowns";
import { type Dial, withDial } from "./dial";

/** Writes each call of an engine's client to the debug log, when its response begins. */
export function withDebugLog(client: Docker): Docker {
  return withDial(client, (dial) => (options, done) => {
    const began = performance.now();
    const { method = "GET", path } = options; // the client adds the API's version to the path
    dial(options, (error, result) => {
      const outcome = error ? (at(error, "statusCode") ?? at(error, "code") ?? "error") : "ok";
      const id = method === "POST" ? at(result, "Id") : undefined;
      const ids = typeof id === "string" ? id.slice(0, 12) : undefined;
      debugCall("docker", method, `${path}${queryOf(options)}`, String(outcome), performance.now() - began, ids);
      done?.(error, result);
    });
  });
}

/** The keys of the query that the client adds to a path that ends in `?`. */
function queryOf({ path, options }: Parameters<Dial>[0]): string {
  return path.endsWith("?") && options ? Object.keys(options._query ?? options).join("&") : "";
}
