// npm run pulumi -- …: runs any Pulumi command with the state and settings of npm start.
import { main, runPulumi } from "./quickstart.mjs";
import { pulumiEnv } from "./set-up/pulumi-env.mjs";
import { setUp } from "./set-up/set-up.mjs";

await main(async () => {
  const { pulumiBin } = await setUp();
  await runPulumi(process.argv.slice(2), pulumiEnv(pulumiBin));
});
