// npm test [-- suite…]: set-up, then every suite, or those named. Closes with the line `N passed, N failed`.
import { join } from "node:path";
import { attached, main } from "./quickstart.mjs";
import { clientsImage } from "./set-up/clients-image.mjs";
import { gatewayImage } from "./set-up/gateway-image.mjs";
import { checkout } from "./set-up/places.mjs";
import { pulumiEnv } from "./set-up/pulumi-env.mjs";
import { setUp } from "./set-up/set-up.mjs";
import { SetUpError, step } from "./set-up/steps.mjs";

const suites = ["unit", "contract", "egress", "engine", "faults"];

await main(async () => {
  const named = process.argv.slice(2);
  const unknown = named.filter((suite) => !suites.includes(suite));
  if (unknown.length > 0) throw new SetUpError(`No suite ${unknown.join(", ")}: there are ${suites.join(", ")}.`);

  let gateway = "";
  let clients = "";
  const { pulumiBin, image } = await setUp(async () => {
    await step("gateway image", async (say) => {
      gateway = await gatewayImage(say);
      return gateway;
    });
    await step("clients image", async (say) => {
      clients = await clientsImage(say);
      return clients || "none: it is made by root, from Debian's packages";
    });
  });
  const specs = (named.length > 0 ? named : suites).flatMap((suite) => ["--spec", `tests/${suite}/**/*.test.ts`]);
  // Most of the time is spent waiting for Pulumi and the engine, so three files run at a time.
  const mocha = join(checkout, "node_modules/.bin/mocha");
  // The faults take half an hour: a sample of them runs, unless they are asked for by name.
  const faults = named.includes("faults") ? "whole" : "sample";
  const env = {
    ...pulumiEnv(pulumiBin),
    OPENAI_CONTAINERS_TEST_IMAGE: image,
    OPENAI_CONTAINERS_TEST_GATEWAY_IMAGE: gateway,
    OPENAI_CONTAINERS_TEST_CLIENTS_IMAGE: clients,
    OPENAI_CONTAINERS_FAULTS: faults,
  };
  process.exitCode = await attached(mocha, ["--parallel", "--jobs", "3", ...specs], env);
});
