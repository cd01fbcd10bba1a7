// npm test [-- suite…]: set-up, then every suite, or those named. Closes with the line `N passed, N failed`.
import { main } from "./quickstart.mjs";
import { SetUpError } from "./set-up/steps.mjs";
import { runTests } from "./suites.mjs";

/** The longest files are in the first ones: what begins last should be over soon. */
const suites = ["contract", "engine", "faults", "packages", "egress", "host", "unit"];

await main(async () => {
  const named = process.argv.slice(2);
  const unknown = named.filter((suite) => !suites.includes(suite));
  if (unknown.length > 0) throw new SetUpError(`No suite ${unknown.join(", ")}: there are ${suites.join(", ")}.`);
  // The faults take half an hour: a sample of them runs, unless they are asked for by name.
  const faults = named.includes("faults") ? "whole" : "sample";
  const specs = (named.length > 0 ? named : suites).map((suite) => `tests/${suite}/**/*.test.ts`);
  await runTests(specs, async () => ({ OPENAI_CONTAINERS_FAULTS: faults }));
});
