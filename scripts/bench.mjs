// npm run bench [-- name… --json FILE]: sets up this machine, then runs all benchmarks or the named ones.
import { join } from "node:path";
import { attached, main } from "./quickstart.mjs";
import { gatewayImage } from "./set-up/gateway-image.mjs";
import { checkout } from "./set-up/places.mjs";
import { pulumiEnv } from "./set-up/pulumi-env.mjs";
import { setUp } from "./set-up/set-up.mjs";
import { step } from "./set-up/steps.mjs";

await main(async () => {
  let gateway = "";
  const { pulumiBin, image } = await setUp(() =>
    step("gateway image", async (say) => {
      gateway = await gatewayImage(say);
      return gateway;
    }),
  );
  const program = ["-r", "ts-node/register/transpile-only", join(checkout, "tests/bench/index.ts")];
  const env = {
    ...pulumiEnv(pulumiBin),
    OPENAI_CONTAINERS_TEST_IMAGE: image,
    OPENAI_CONTAINERS_TEST_GATEWAY_IMAGE: gateway,
  };
  process.exitCode = await attached(process.execPath, [...program, ...process.argv.slice(2)], env);
});
