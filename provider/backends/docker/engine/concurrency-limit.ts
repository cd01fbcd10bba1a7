import type Docker from "dockerode";
import { withDial } from "./dial";
import { Slots } from "./slots";

/**
 * Requests that an engine gets at a time. It starts some containers a second, however many it is asked for: eight requests
 * keep two processors busy, and of hundreds the last would reach their timeout.
 */
export const concurrencyLimit = 32;

/** An engine's client whose further requests wait, before their timeout begins. A stream counts until its response begins. */
export function withConcurrencyLimit(client: Docker): Docker {
  return withDial(client, (dial) => {
    const slots = new Slots(concurrencyLimit);
    return (request, done) => {
      if (/^\/containers\/[^/]+\/wait/.test(request.path)) return dial(request, done); // as long as a container runs
      slots.take(() => {
        dial(request, (error, result) => {
          // Later, when the connection is free: at once, the next request would open another one.
          setImmediate(() => slots.release());
          done?.(error, result);
        });
      });
    };
  });
}
