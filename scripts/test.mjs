// npm test [-- suite…]: set-up, then every suite, or those named. Closes with the line `N passed, N failed`.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { main } from "./quickstart.mjs";
import { checkout } from "./set-up/places.mjs";
import { SetUpError } from "./set-up/steps.mjs";
import { runTests } from "./suites.mjs";

/** The longest files are in the first ones: what begins last should be over soon. */
const suites = ["packages", "faults", "engine", "egress", "contract", "host", "unit"];

/** The files that wait most, and longest: for the end of an idle minute, or for a response that never comes. */
const waiting = [
  "contract/docker-expiry",
  "host/unwatched",
  "contract/hosted-live",
  "host/engine-away",
  "contract/docker-unwatched",
  "contract/docker-watchdog",
  "contract/differences",
  "contract/docker-hanging",
  "contract/docker-idle-time",
  "contract/docker-shells",
].map((name) => `tests/${name}.test.ts`);

/** @param {string} suite */
function filesOf(suite) {
  const all = readdirSync(join(checkout, "tests", suite), { recursive: true, encoding: "utf8" });
  return all
    .filter((name) => name.endsWith(".test.ts"))
    .sort()
    .map((name) => `tests/${suite}/${name}`);
}

/**
 * The order in which files begin: those that wait and those that compute by turns, so that the processors have work.
 * @param {string[]} files
 */
function inTurns(files) {
  const first = waiting.filter((file) => files.includes(file));
  const others = files.filter((file) => !first.includes(file));
  return [...first.flatMap((file, at) => [file, ...others.slice(at, at + 1)]), ...others.slice(first.length)];
}

await main(async () => {
  const named = process.argv.slice(2);
  const unknown = named.filter((suite) => !suites.includes(suite));
  if (unknown.length > 0) throw new SetUpError(`No suite ${unknown.join(", ")}: there are ${suites.join(", ")}.`);
  // The faults take half an hour: a sample of them runs, unless they are asked for by name.
  const faults = named.includes("faults") ? "whole" : "sample";
  const specs = inTurns((named.length > 0 ? named : suites).flatMap(filesOf));
  await runTests(specs, async () => ({ OPENAI_CONTAINERS_FAULTS: faults }));
});
