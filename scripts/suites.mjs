import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { attached } from "./quickstart.mjs";
import { clientsImage } from "./set-up/clients-image.mjs";
import { gatewayImage } from "./set-up/gateway-image.mjs";
import { checkout } from "./set-up/places.mjs";
import { pulumiEnv } from "./set-up/pulumi-env.mjs";
import { setUp } from "./set-up/set-up.mjs";
import { step } from "./set-up/steps.mjs";

/**
 * Sets up what tests need.
 * @param {() => Promise<NodeJS.ProcessEnv>} more a further step, and what it adds to the environment
 * @returns {Promise<{ env: NodeJS.ProcessEnv, images: Record<string, string> }>} the images by the variable that names each;
 * an image that cannot be built has no name
 */
export async function setUpForTests(more) {
  let gateway = "";
  let clients = "";
  /** @type {NodeJS.ProcessEnv} */
  let added = {};
  const { pulumiBin, image } = await setUp(async () => {
    await step("gateway image", async (say) => {
      gateway = await gatewayImage(say);
      return gateway;
    });
    await step("clients image", async (say) => {
      clients = await clientsImage(say);
      return clients || "none: it is made by root, from Debian's packages";
    });
    added = await more();
  });
  const images = {
    OPENAI_CONTAINERS_TEST_IMAGE: image,
    OPENAI_CONTAINERS_TEST_GATEWAY_IMAGE: gateway,
    OPENAI_CONTAINERS_TEST_CLIENTS_IMAGE: clients,
  };
  return { env: { ...pulumiEnv(pulumiBin), ...added }, images };
}

/**
 * Sets up what tests need, then runs them; this process ends with mocha's exit code.
 * @param {string[]} specs as mocha takes them
 * @param {() => Promise<NodeJS.ProcessEnv>} more a further step of the set-up, and what it adds to the environment
 */
export async function runTests(specs, more = async () => ({})) {
  const { env, images } = await setUpForTests(more);
  // They wait for Pulumi and the engine most of their time, so three times as many files run at a time as there are processors.
  const jobs = String(3 * Math.max(2, availableParallelism()));
  // Each process that they start would compile Pulumi's SDK. For this run alone: it is found by paths, and most are temporary.
  const compiled = mkdtempSync(join(tmpdir(), "openai-containers-compiled-"));
  const mocha = join(checkout, "node_modules/.bin/mocha");
  try {
    const args = ["--parallel", "--jobs", jobs, ...specs.flatMap((spec) => ["--spec", spec])];
    process.exitCode = await attached(mocha, args, { ...env, ...images, NODE_COMPILE_CACHE: compiled });
  } finally {
    rmSync(compiled, { recursive: true, force: true, maxRetries: 3 });
  }
}
