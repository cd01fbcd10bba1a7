import { parseArgs } from "node:util";
import { type Command, understood } from "./command";

export const doctor: Command = {
  summary: "shows and clears what runs of Pulumi that were cut short have left",
  usage: `Usage: openai-containers doctor [--clear]

A run of Pulumi that is killed, or loses power, may leave containers that no state knows of. Each run writes down what
it is about to make, and this command lists what was never settled.

\`pulumi up\` settles it by itself: run that first, in the program's folder, with the stack that the URN names. --clear is
for what no \`pulumi up\` can settle, such as that of a program that is gone.

Options:
  --clear   removes the containers of runs that are over, with their files, and forgets them. One of them may be in a
            stack's state, if the run was killed just after it was stored: that stack makes a new one at its next
            \`pulumi up\`. What cannot be told from other containers of its name is listed, not removed.

--clear finds accounts and engines by the environment (OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_ORG_ID,
OPENAI_PROJECT_ID, DOCKER_HOST, DOCKER_CONTEXT), not by a stack's configuration. What is somewhere else, or cannot be
reached, is kept, and the exit code is 1. Use a key of the project that the containers belong to: in another one they
look as if they were gone.
`,
  async run(args, terminal) {
    const { values } = understood(() => parseArgs({ args, options: { clear: { type: "boolean", default: false } } }));
    // Loaded here, so that no other command waits for the provider and its backends.
    const { examine }: typeof import("./doctor/examine") = require("./doctor/examine");
    await examine(values.clear, terminal);
  },
};
