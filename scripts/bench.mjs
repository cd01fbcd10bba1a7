// npm run bench [-- name… --json FILE]: set-up, then the benchmarks, or those named.
import { join } from "node:path";
import { attached, main } from "./quickstart.mjs";
import { checkout } from "./set-up/places.mjs";
import { setUp } from "./set-up/set-up.mjs";

await main(async () => {
  const { image } = await setUp();
  const program = ["-r", "ts-node/register/transpile-only", join(checkout, "tests/bench/index.ts")];
  const env = { ...process.env, OPENAI_CONTAINERS_TEST_IMAGE: image };
  process.exitCode = await attached(process.execPath, [...program, ...process.argv.slice(2)], env);
});
