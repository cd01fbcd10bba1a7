import { parseArgs } from "node:util";
import { type Command, UsageError, understood } from "./command";

export const egress: Command = {
  summary: "shows what a sandbox with an allow list asked of the network, and what was denied",
  usage: `Usage: openai-containers egress <id>

Shows each decision of the gateway of a sandbox on Docker, cntr_…: when, allowed or denied, what was asked of which domain,
the bytes up and down, and why. Never a path, a header, a body or a secret. The engine keeps the last 30 MB of them;
\`docker logs <id>-gateway\` has the same as JSON.

The engine is found by the environment (DOCKER_HOST, DOCKER_CONTEXT), or by the Docker client's own settings.
`,
  async run(args, terminal) {
    const { positionals } = understood(() => parseArgs({ args, allowPositionals: true }));
    const [id, ...more] = positionals;
    if (id === undefined || more.length > 0) throw new UsageError("The id of one container is needed");
    // Loaded here, so that no other command waits for the engine's client.
    const { show }: typeof import("./egress/show") = require("./egress/show");
    await show(id, terminal);
  },
};
