import { hostedTestBackend, type TestBackend, testBackends } from "./test-backend";
import { Trial } from "./trial";

/** Everything, as `npm run test:faults` asks for, or what there is time for within `npm test`. */
export const isWhole = process.env["OPENAI_CONTAINERS_FAULTS"] === "whole";

/**
 * A case that holds on each backend. Of each file one at least is in the sample: a file without a test is a failure.
 * @param sampled on which it runs when there is time for a sample only
 */
export function onEachBackend(
  title: string,
  sampled: "hosted" | "docker" | "none",
  body: (trial: Trial) => Promise<void>,
) {
  for (const [name, open] of Object.entries(testBackends)) {
    if (isWhole || name === sampled) it(`${title} (${name})`, () => withTrial(open, body));
  }
}

/** A case of the hosted backend alone. */
export function onHosted(
  title: string,
  sampled: "sampled" | "none",
  body: (trial: Trial, backend: Awaited<ReturnType<typeof hostedTestBackend>>) => Promise<void>,
) {
  if (isWhole || sampled === "sampled") it(`${title} (hosted)`, () => withTrial(hostedTestBackend, body));
}

/** Whatever comes of it, nothing stays: no process, no folder, no container. */
export async function withTrial<P extends TestBackend>(
  open: () => Promise<P>,
  body: (trial: Trial, backend: P) => Promise<void>,
) {
  const backend = await open();
  try {
    const trial = await Trial.at(backend);
    const [failed] = await Promise.allSettled([body(trial, backend)]);
    const [left] = await Promise.allSettled([trial.end()]);
    // What failed first, as the rest may follow from it.
    for (const outcome of [failed, left]) if (outcome.status === "rejected") throw outcome.reason;
  } finally {
    await backend.stop();
  }
}
