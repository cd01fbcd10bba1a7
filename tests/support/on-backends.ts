import { hostedTestBackend, type TestBackend, testBackends } from "./test-backend";
import { Trial } from "./trial";

/** All cases, as in `npm run test:faults`, or the sample of `npm test`. */
export const isWhole = process.env["OPENAI_CONTAINERS_FAULTS"] === "whole";

/**
 * A case for each backend. The sample has one of each file at least: a file without a test is a failure.
 * @param sampled the backend of the case in the sample
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

/** A case for the hosted backend only. */
export function onHosted(
  title: string,
  sampled: "sampled" | "none",
  body: (trial: Trial, backend: Awaited<ReturnType<typeof hostedTestBackend>>) => Promise<void>,
) {
  if (isWhole || sampled === "sampled") it(`${title} (hosted)`, () => withTrial(hostedTestBackend, body));
}

/** Runs a case, and ends its processes and removes its folders and containers in any event. */
export async function withTrial<P extends TestBackend>(
  open: () => Promise<P>,
  body: (trial: Trial, backend: P) => Promise<void>,
) {
  const backend = await open();
  try {
    const trial = await Trial.at(backend);
    const [failed] = await Promise.allSettled([body(trial, backend)]);
    const [left] = await Promise.allSettled([trial.end()]);
    // The first failure, as the other may be its consequence.
    for (const outcome of [failed, left]) if (outcome.status === "rejected") throw outcome.reason;
  } finally {
    await backend.stop();
  }
}
