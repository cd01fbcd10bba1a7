import { hostedPlace, type Place, places } from "./place";
import { Trial } from "./trial";

/** Everything, as `npm run test:faults` asks for, or what there is time for within `npm test`. */
export const isWhole = process.env["OPENAI_CONTAINERS_FAULTS"] === "whole";

/**
 * A case that holds on each backend. Of each file one at least is in the sample: a file without a test is a failure.
 * @param sampled on which it runs when there is time for a sample only
 */
export function onPlaces(title: string, sampled: "hosted" | "docker" | "none", body: (trial: Trial) => Promise<void>) {
  for (const [name, open] of Object.entries(places)) {
    if (isWhole || name === sampled) it(`${title} (${name})`, () => withTrial(open, body));
  }
}

/** A case of the hosted backend alone. */
export function onHosted(
  title: string,
  sampled: "sampled" | "none",
  body: (trial: Trial, place: Awaited<ReturnType<typeof hostedPlace>>) => Promise<void>,
) {
  if (isWhole || sampled === "sampled") it(`${title} (hosted)`, () => withTrial(hostedPlace, body));
}

/** Whatever comes of it, nothing stays: no process, no folder, no container. */
export async function withTrial<P extends Place>(
  open: () => Promise<P>,
  body: (trial: Trial, place: P) => Promise<void>,
) {
  const place = await open();
  try {
    const trial = await Trial.at(place);
    const [failed] = await Promise.allSettled([body(trial, place)]);
    const [left] = await Promise.allSettled([trial.end()]);
    // What failed first, as the rest may follow from it.
    for (const outcome of [failed, left]) if (outcome.status === "rejected") throw outcome.reason;
  } finally {
    await place.stop();
  }
}
