import { parseArgs } from "node:util";
import { type Command, understood } from "./command";

export const prune: Command = {
  summary: "lists and removes expired sandboxes that lie on a Docker engine",
  usage: `Usage: openai-containers prune [--yes]

A sandbox on Docker that expired stays as a stopped container until the next \`pulumi up\` replaces it. Where nobody runs
that any more, it stays for good, with an allow list its stopped gateway too, and what the sandbox could not remove of
its files, such as root's. This command lists all such, and with --yes removes them.

Options:
  --yes   removes what is listed. A stack that has one in its state then finds it gone, and makes a new one as well.

What runs is never touched. The engine is found by the environment (DOCKER_HOST, DOCKER_CONTEXT), or by the Docker
client's own settings.
`,
  async run(args, terminal) {
    const { values } = understood(() => parseArgs({ args, options: { yes: { type: "boolean", default: false } } }));
    // Loaded here, so that no other command waits for the engine's client.
    const { withEngine }: typeof import("./engine-at-hand") = require("./engine-at-hand");
    const { removeExpired }: typeof import("./prune/expired") = require("./prune/expired");
    await withEngine((engine) => removeExpired(engine, values.yes, terminal));
  },
};
