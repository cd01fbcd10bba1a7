// npm run test:docker-28: what is tested on a Docker engine, on a newer one than Debian's, which runs beside the machine's
// own and leaves that alone. Its first run builds that engine, which takes minutes.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { randomInt } from "node:crypto";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { attached, main } from "./quickstart.mjs";
import { clientsImage } from "./set-up/clients-image.mjs";
import { docker28 } from "./set-up/docker-28.mjs";
import { gatewayImage } from "./set-up/gateway-image.mjs";
import { cacheFolder, checkout } from "./set-up/places.mjs";
import { connectAsProvider } from "./set-up/provider-engine.mjs";
import { pulumiEnv } from "./set-up/pulumi-env.mjs";
import { setUp } from "./set-up/set-up.mjs";
import { SetUpError, step } from "./set-up/steps.mjs";

const specs = ["contract/docker-*", "contract/backend*", "contract/differences", "egress/live/**/*"];
const patience = 60_000; // ms for a started engine to answer
const log = join(cacheFolder, "docker-28.log");

await main(async () => {
  if (process.getuid?.() !== 0) throw new SetUpError("To start an engine beside this machine's own takes root.");
  let bin = "";
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
    await step("second engine", async (say) => {
      bin = await docker28(say);
      return bin;
    });
  });

  // A Ctrl-C reaches the tests by itself. Whatever it ends, what was begun here is taken back.
  let isInterrupted = false;
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => (isInterrupted = true));
  const env = { ...pulumiEnv(pulumiBin), PATH: `${bin}${delimiter}${process.env["PATH"]}` };
  const engine = startEngine(bin, env);
  try {
    const { client } = await engine.answers();
    const { Version, ApiVersion, Os, Arch } = await client.version();
    process.stdout.write(`\nDocker Engine ${Version}, API ${ApiVersion}, ${Os}/${Arch}\n`);
    for (const name of [image, gateway, clients].filter(Boolean)) {
      if (!isInterrupted) await step("copying", () => copyImage(name, client));
    }
    if (isInterrupted) throw new SetUpError("interrupted");
    const mocha = join(checkout, "node_modules/.bin/mocha");
    const files = specs.flatMap((spec) => ["--spec", `tests/${spec}.test.ts`]);
    process.exitCode = await attached(mocha, ["--parallel", "--jobs", "3", ...files], {
      ...env,
      ...atOnly(engine.host),
      OPENAI_CONTAINERS_TEST_IMAGE: image,
      OPENAI_CONTAINERS_TEST_GATEWAY_IMAGE: gateway,
      OPENAI_CONTAINERS_TEST_CLIENTS_IMAGE: clients,
    });
  } finally {
    await engine.stop();
  }
});
