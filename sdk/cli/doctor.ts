import { parseArgs } from "node:util";
import { type Command, UsageError, understood } from "./command";
import type { Task } from "./doctor/examine";

export const doctor: Command = {
  summary: "lists or removes containers orphaned by interrupted runs of Pulumi",
  usage: `Usage: openai-containers doctor [--clear | --forget ENTRY]

A run of Pulumi that is killed, or loses power, may leave containers that no state knows of. Each run writes down what
it is about to make, and this command lists what was never settled.

\`pulumi up\` settles it by itself: run that first, in the program's folder, with the stack that the URN names. --clear is
for what no \`pulumi up\` can settle, such as that of a program that is gone.

Options:
  --clear          removes the containers of runs that are over, with their files, and forgets them. One of them may be
                   in a stack's state, if the run was killed just after it was stored: that stack makes a new one at its
                   next \`pulumi up\`. What cannot be told from other containers of its name is listed, not removed.
  --forget ENTRY   forgets one entry of the list, and asks and removes nothing: for an account or engine that is gone for
                   good. A container that is there all the same is not found by any later run.

--clear finds accounts and engines by the environment (OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_ORG_ID,
OPENAI_PROJECT_ID, DOCKER_HOST, DOCKER_CONTEXT), not by a stack's configuration. What is somewhere else, or cannot be
reached, is kept, and the exit code is 1. Use a key of the project that the containers belong to: in another one they
look as if they were gone.
`,
  async run(args, terminal) {
    const task = taskFrom(args);
    // Loaded here, so that no other command waits for the provider and its backends.
    const { examine }: typeof import("./doctor/examine") = require("./doctor/examine");
    await examine(task, terminal);
  },
};

function taskFrom(args: string[]): Task {
  const options = { clear: { type: "boolean", default: false }, forget: { type: "string" } } as const;
  const { clear, forget } = understood(() => parseArgs({ args, options }).values);
  if (forget === undefined) return clear ? "clear" : "list";
  if (clear) throw new UsageError("--clear and --forget are two things: give one of them");
  return { forget };
}
