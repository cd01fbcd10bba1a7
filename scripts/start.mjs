// npm start: sets up this machine, creates the quickstart's sandbox, and prints proof of its limits.

import { proof } from "./proof.mjs";
import { main, onQuickstart, runPulumi } from "./quickstart.mjs";
import { pulumiEnv, stack } from "./set-up/pulumi-env.mjs";
import { ask } from "./set-up/run.mjs";
import { setUp } from "./set-up/set-up.mjs";

await main(async () => {
  const { pulumiBin, image } = await setUp();
  const env = pulumiEnv(pulumiBin);

  process.stdout.write("\npulumi up\n");
  await onQuickstart(async () => {
    await runPulumi(["stack", "select", "--create", stack], env);
    await runPulumi(["up", "--yes", "--skip-preview", "--stack", stack, "--config", `image=${image}`], env);
  });

  const id = await ask("pulumi", ["stack", "output", "containerId", "--stack", stack], env);
  await proof((id ?? "").trim());
  process.stdout.write(
    "\nNext: change memoryLimit in examples/quickstart/index.ts and run `npm run pulumi -- preview --diff`. `npm stop` removes the sandbox.\n",
  );
});
