// npm test [-- suite…]: set-up, then every suite, or those named. Closes with the line `N passed, N failed`.
import { join } from "node:path";
import { attached, main } from "./quickstart.mjs";
import { checkout } from "./set-up/places.mjs";
import { pulumiEnv } from "./set-up/pulumi-env.mjs";
import { setUp } from "./set-up/set-up.mjs";
import { SetUpError } from "./set-up/steps.mjs";

const everyTime = ["unit", "contract", "engine", "faults"];
const suites = [...everyTime, "egress"]; // by name only, as no backend uses the gateway yet

await main(async () => {
  const named = process.argv.slice(2);
  const unknown = named.filter((suite) => !suites.includes(suite));
  if (unknown.length > 0) throw new SetUpError(`No suite ${unknown.join(", ")}: there are ${suites.join(", ")}.`);

  const { pulumiBin, image } = await setUp();
  const specs = (named.length > 0 ? named : everyTime).flatMap((suite) => ["--spec", `tests/${suite}/**/*.test.ts`]);
  // Most of the time is spent waiting for Pulumi and the engine, so three files run at a time.
  const mocha = join(checkout, "node_modules/.bin/mocha");
  // The faults take half an hour: a sample of them runs, unless they are asked for by name.
  const faults = named.includes("faults") ? "whole" : "sample";
  const env = {
    ...pulumiEnv(pulumiBin),
    OPENAI_CONTAINERS_TEST_IMAGE: image,
    OPENAI_CONTAINERS_FAULTS: faults,
  };
  process.exitCode = await attached(mocha, ["--parallel", "--jobs", "3", ...specs], env);
});
