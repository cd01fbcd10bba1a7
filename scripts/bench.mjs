// npm run bench [-- name… --json FILE]: set-up, then the benchmarks, or those named.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { main } from "./quickstart.mjs";
import { checkout } from "./set-up/places.mjs";
import { setUp } from "./set-up/set-up.mjs";

await main(async () => {
  const { image } = await setUp();
  const bench = spawn(
    process.execPath,
    ["-r", "ts-node/register/transpile-only", join(checkout, "tests/bench/index.ts"), ...process.argv.slice(2)],
    {
      cwd: checkout,
      env: { ...process.env, OPENAI_CONTAINERS_TEST_IMAGE: image },
      stdio: "inherit",
    },
  );
  process.exitCode = await new Promise((resolve) => bench.on("close", (code) => resolve(code ?? 1)));
});
