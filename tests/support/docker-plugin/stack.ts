import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { Stack } from "../stack";

/** Whether to run the plugin of `@pulumi/docker` itself, which Pulumi then downloads, in place of the stand-in. */
const isReal = process.env["OPENAI_CONTAINERS_REAL_DOCKER_PLUGIN"] === "1";

/** A stack whose programs can use `@pulumi/docker`. */
export function imageStack(env: NodeJS.ProcessEnv = {}, example?: string): Stack {
  const stack = new Stack(isReal ? { ...env, PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "false" } : env);
  if (example) stack.example(example);
  if (!isReal) {
    const plugin = `{ name: docker, path: ${JSON.stringify(join(__dirname))} }`;
    appendFileSync(join(stack.folder, "Pulumi.yaml"), `plugins: { providers: [${plugin}] }\n`);
  }
  return stack.init();
}
