import { parseArgs } from "node:util";
import { type Command, parsed } from "../command";

export const prune: Command = {
  summary: "List or remove expired sandboxes on a Docker engine.",
  help: {
    usage: "prune [--yes]",
    description: [
      "List or remove expired sandboxes on a Docker engine.",
      "An expired sandbox stays on the engine as a stopped container until the next `pulumi up` of its stack replaces it. If no `pulumi up` follows, it stays permanently, with its stopped gateway if it has an allow list, and with the files that it could not remove itself, such as those of root. Without options, this command lists expired sandboxes, and removes nothing. Running sandboxes are never touched.",
      "The engine is the one that DOCKER_HOST, DOCKER_CONTEXT or the Docker client's own settings name.",
    ],
    options: [
      [
        "--yes",
        "Remove the listed sandboxes, with their gateways and files. A stack that has one of them in its state then creates a new one at its next `pulumi up`.",
      ],
    ],
    examples: [
      ["prune", "List the expired sandboxes."],
      ["prune --yes", "Remove them."],
    ],
    exitCodes: [
      ["0", "Success, whether or not there are expired sandboxes."],
      ["1", "The engine cannot be reached, or a sandbox cannot be removed."],
      ["2", "Invalid arguments."],
    ],
  },
  async run(args, output) {
    const { values } = parsed(() => parseArgs({ args, options: { yes: { type: "boolean", default: false } } }));
    // Loaded here, so that other commands start without the Docker client.
    const {
      environmentEngine,
    }: typeof import("../../../provider/command-line") = require("../../../provider/command-line");
    const { pruneExpired }: typeof import("./expired-sandboxes") = require("./expired-sandboxes");
    await pruneExpired(await environmentEngine(), values.yes, output);
  },
};
