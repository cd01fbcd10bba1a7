import { type Command, CommandError, type Terminal, UsageError } from "./command";
import { doctor } from "./doctor";
import { egress } from "./egress";
import { emulator } from "./emulator";
import { prune } from "./prune";

const commands = new Map<string, Command>([
  ["doctor", doctor],
  ["emulator", emulator],
  ["egress", egress],
  ["prune", prune],
]);

const usage = `Usage: openai-containers <command> [options]

Commands:
${[...commands].map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`).join("\n")}

openai-containers <command> --help tells of one command.
`;

/** Runs the command that the arguments name. @returns its exit code */
export async function main([name, ...args]: string[], terminal: Terminal): Promise<number> {
  if (asksForHelp(name)) {
    terminal.tell(usage);
    return 0;
  }
  const command = commands.get(name ?? "");
  if (!command) {
    terminal.complain(name === undefined ? usage : `There is no command ${name}.\n\n${usage}`);
    return 2;
  }
  if (args.some(asksForHelp)) {
    terminal.tell(command.usage);
    return 0;
  }
  return run(command, args, terminal);
}

async function run(command: Command, args: string[], terminal: Terminal): Promise<number> {
  try {
    await command.run(args, terminal);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.complain(`${error.message}\n\n${command.usage}`);
      return 2;
    }
    if (error instanceof CommandError) {
      terminal.complain(`${error.message}\n`);
      return 1;
    }
    throw error;
  }
}

function asksForHelp(arg: string | undefined): boolean {
  return arg === "--help" || arg === "-h";
}
