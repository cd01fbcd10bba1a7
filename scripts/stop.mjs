// npm stop: destroys the resources that npm start created.
import { main, onQuickstart, runPulumi } from "./quickstart.mjs";
import { pulumiEnv, stack } from "./set-up/pulumi-env.mjs";
import { setUp } from "./set-up/set-up.mjs";

await main(async () => {
  const { pulumiBin } = await setUp();
  const env = pulumiEnv(pulumiBin);
  await onQuickstart(async () => {
    await runPulumi(["stack", "select", "--create", stack], env);
    await runPulumi(["destroy", "--yes", "--skip-preview", "--stack", stack], env);
  });
});
