import { readFileSync } from "node:fs";
import { BackendError } from "../../provider/backends/backend";
import { type Command, CommandError, type Output, UsageError } from "./command";
import { doctor } from "./doctor/command";
import { egress } from "./egress/command";
import { emulator } from "./emulator/command";
import { type Help, helpText } from "./help";
import { prune } from "./prune/command";
import { report } from "./report/command";

const commands = new Map<string, Command>([
  ["doctor", doctor],
  ["egress", egress],
  ["emulator", emulator],
  ["prune", prune],
  ["report", report],
]);

const help: Help = {
  usage: "<command> [options]",
  description: ["Tools for containers of the OpenAI Containers API that Pulumi manages, hosted or on Docker."],
  commands: [...commands].map(([name, { summary }]) => [name, summary]),
  options: [["--version", "Print the version of the package."]],
  examples: [["doctor --help", "Print the help of a command."]],
  exitCodes: [
    ["0", "Success."],
    ["1", "The command failed, or did only a part of its work: stderr says why."],
    ["2", "Invalid arguments."],
  ],
};

/**
 * Runs the command that the arguments name.
 * @returns its exit code
 */
export async function main([name, ...args]: string[], output: Output): Promise<number> {
  if (name === "--version") {
    output.stdout(`${version()}\n`);
    return 0;
  }
  if (name === "help" || isHelpOption(name)) {
    const [about] = args;
    if (about !== undefined && !isHelpOption(about)) return main([about, "--help"], output);
    output.stdout(helpText(help));
    return 0;
  }
  const command = commands.get(name ?? "");
  if (!command) {
    const error =
      name === undefined
        ? new UsageError("OC5001", "No command was given")
        : new UsageError("OC5002", `There is no command ${JSON.stringify(name)}`);
    return exitCodeOf(error, "--help", output);
  }
  if (args.some(isHelpOption)) {
    output.stdout(helpText(command.help));
    return 0;
  }
  try {
    await command.run(args, output);
    return 0;
  } catch (error) {
    return exitCodeOf(error, `${name} --help`, output);
  }
}

/**
 * Prints an expected error.
 * @param helpArguments the arguments that print the help for it
 * @throws any other error: a bug, whose stack trace is worth printing
 */
function exitCodeOf(error: unknown, helpArguments: string, { stderr }: Output): number {
  if (error instanceof UsageError) {
    stderr(`${error.message}. Run \`openai-containers ${helpArguments}\` for usage.\n`);
    return 2;
  }
  if (error instanceof CommandError || error instanceof BackendError) {
    stderr(`${error.message}\n`);
    return error instanceof CommandError ? error.exitCode : 1;
  }
  throw error;
}

/** By the package's own name: the sources and the build are at different depths. */
function version(): string {
  const text = readFileSync(require.resolve("pulumi-openai-containers/package.json"), "utf8");
  const { version: found }: { version: string } = JSON.parse(text);
  return found;
}

function isHelpOption(arg: string | undefined): boolean {
  return arg === "--help" || arg === "-h";
}
