// npm run test:floor [-- name…]: engine tests, or those named (engine/hosted), of the package as it is published, with the
// lowest version of Pulumi's SDK that it allows.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { main } from "./quickstart.mjs";
import { installAtLowest, lowestSdk } from "./set-up/installed.mjs";
import { cacheFolder, checkout } from "./set-up/places.mjs";
import { SetUpError, step } from "./set-up/steps.mjs";
import { runTests } from "./suites.mjs";

await main(async () => {
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !existsSync(join(checkout, `tests/${name}.test.ts`)));
  if (unknown.length > 0) throw new SetUpError(`No tests ${unknown.join(", ")}: a name is such as engine/hosted.`);
  const specs =
    named.length > 0
      ? named.map((name) => `tests/${name}.test.ts`)
      : ["tests/engine/**/*.test.ts", "tests/host/**/*.test.ts"];
  await runTests(specs, async () => {
    let modules = "";
    await step("lowest SDK", async (say) => {
      say("npm install of the packed package");
      modules = await installAtLowest(join(cacheFolder, `sdk-${lowestSdk()}`));
      return `${lowestSdk()}, ${modules}`;
    });
    return { OPENAI_CONTAINERS_TEST_MODULES: modules };
  });
});
