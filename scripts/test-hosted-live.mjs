// npm run test:hosted-live [-- cells] [-- contract] [-- --expiry --yes]: checks what the docs say of the hosted API, and the
// contract of backends, on the real one. It creates containers, which cost money, and removes them.
import { createRequire } from "node:module";
import { main } from "./quickstart.mjs";
import { packages } from "./set-up/packages.mjs";
import { step } from "./set-up/steps.mjs";

if (!process.env["OPENAI_API_KEY"]) {
  process.stderr.write(
    "OPENAI_API_KEY is not set: these tests use the Containers API with your key, and cost money.\n",
  );
  process.exitCode = 2;
} else {
  await main(async () => {
    await step("packages", packages);
    const load = createRequire(import.meta.url); // CommonJS, like the tests
    load("../tests/support/register.cjs");
    /** @type {{ run(args: string[]): Promise<number> }} */
    const { run } = load("../tests/hosted-live/run.ts");
    process.exitCode = await run(process.argv.slice(2));
  });
}
