#!/usr/bin/env node
// Usage: preview-emulated.mjs BASE PREVIEW
// For a run that may have no secret: writes a preview of the program in this folder as JSON without the stack's state, an
// API key, and the secrets of the configuration. It shows the changes from the program in the folder BASE, which is
// applied to an emulator of the Containers API first.
import { openSync } from "node:fs";
import { startEmulator } from "pulumi-openai-containers/emulator";
import { LocalStack } from "./emulated/local-stack.mjs";
import { required, run } from "./run.mjs";

await run(async ([base = "", preview = ""]) => {
  const stack = new LocalStack(required("PULUMI_STACK"));
  try {
    await stack.init();
    await apply(base, stack);
    // Without a key the preview says that it read no live state, which is so: the containers of the emulator are not the
    // stack's.
    process.exitCode = await stack.run(".", ["preview", "--json"], { stdout: openSync(preview, "w") });
  } finally {
    stack.remove();
  }
});

/**
 * Resources of other services cannot be created without their secrets. The preview creates those.
 * @param {string} folder
 * @param {LocalStack} stack
 */
async function apply(folder, stack) {
  const emulator = await startEmulator();
  try {
    const env = { OPENAI_BASE_URL: emulator.baseUrl, OPENAI_API_KEY: "any" };
    const code = await stack.run(folder, ["up", "--yes", "--skip-preview", "--continue-on-error"], { env });
    if (code !== 0) process.stderr.write(`${folder} could not be applied entirely: the preview creates the rest.\n`);
  } finally {
    await emulator.stop();
  }
}
