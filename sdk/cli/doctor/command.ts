import { parseArgs } from "node:util";
import { type Command, parsed, UsageError } from "../command";
import type { Task } from "./run-task";

export const doctor: Command = {
  summary: "List or remove containers orphaned by interrupted runs of Pulumi, and explain which Docker engine is used.",
  help: {
    usage: "doctor [--clear | --forget ENTRY]",
    description: [
      "List or remove containers orphaned by interrupted runs of Pulumi, and explain which Docker engine is used.",
      "A run of Pulumi that is killed or loses power may orphan a container: it exists, but no stack has it in its state. So each run writes a pending entry to a journal before it creates a container. Without options, this command lists the pending entries, and changes nothing.",
      "Run `pulumi up` first, in the program's folder and with the stack that the URN of an entry names: it removes the orphaned container and the entry. Use --clear where no `pulumi up` can do that, for example because the program is gone.",
      "Without options, it also lists the places where a Docker engine was looked for, in order and with the reason for each that failed, which engine is used and why, and what each engine that responds enforces. It reads environment variables and the Docker client's contexts, not a stack's configuration.",
      "--clear finds accounts and engines by environment variables (OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_ORG_ID, OPENAI_PROJECT_ID, DOCKER_HOST, DOCKER_CONTEXT), not by a stack's configuration. It keeps the entries of other accounts and engines, and of those that it cannot reach. Use an API key of the project that owns the containers: to a key of another project they do not exist, and their entries would be removed.",
    ],
    options: [
      [
        "--clear",
        "Remove the orphaned containers of interrupted runs, with their files, and then their entries. If a run was killed just after a container was stored, the container is in a stack's state: that stack creates a new one at its next `pulumi up`. Containers that cannot be distinguished from others of the same name are listed, not removed.",
      ],
      [
        "--forget ENTRY",
        "Remove one entry without any request to its account or engine: for an account or engine that is gone permanently. If the container exists all the same, no later run finds it.",
      ],
    ],
    examples: [
      ["doctor", "List the pending entries and the Docker engines."],
      ["doctor --clear", "Remove the orphaned containers and their entries."],
      ["doctor --forget 0123456789abcdef", "Remove one entry, and no container."],
    ],
    exitCodes: [
      ["0", "Success, whether or not there are pending entries or Docker engines."],
      [
        "1",
        "The journal or a file in it could not be read, or an entry was kept that --clear or --forget should remove.",
      ],
      ["2", "Invalid arguments."],
    ],
  },
  async run(args, output) {
    const task = taskFrom(args);
    // Loaded here, so that other commands start without the provider and its backends.
    const { runTask }: typeof import("./run-task") = require("./run-task");
    await runTask(task, output);
  },
};

function taskFrom(args: string[]): Task {
  const options = { clear: { type: "boolean", default: false }, forget: { type: "string" } } as const;
  const { clear, forget } = parsed(() => parseArgs({ args, options }).values);
  if (forget === undefined) return clear ? "clear" : "list";
  if (clear) throw new UsageError("OC5004", "--clear and --forget cannot be combined");
  return { forget };
}
