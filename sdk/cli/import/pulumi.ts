import { spawn } from "node:child_process";
import { CommandError } from "../command";

export interface Ran {
  code: number | null;
  stdout: string;
  /** stdout and stderr, as a terminal shows them. */
  text: string;
  wasInterrupted: boolean;
}

/**
 * Runs Pulumi in the current folder. A signal to this process goes to Pulumi once: with a terminal's own to the whole
 * process group it would get two, and the second one ends it at once.
 * @param onOutput takes its stdout as it comes
 * @throws CommandError where there is no `pulumi`
 */
export function pulumi(args: readonly string[], onOutput: (text: string) => void = () => {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", [...args, "--non-interactive"], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const ran: Ran = { code: null, stdout: "", text: "", wasInterrupted: false };
    const forward = (signal: NodeJS.Signals) => {
      ran.wasInterrupted = true;
      child.kill(signal);
    };
    process.on("SIGINT", forward).on("SIGTERM", forward);
    const end = () => process.off("SIGINT", forward).off("SIGTERM", forward);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      ran.stdout += text;
      ran.text += text;
      onOutput(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      ran.text += text;
    });
    child.on("error", (error) => {
      end();
      reject(new CommandError("OC5213", `Cannot run pulumi: ${error.message}`, "Install Pulumi, and put it in PATH"));
    });
    child.on("close", (code) => {
      end();
      resolve({ ...ran, code });
    });
  });
}

/** The first version whose import files may have inputs and outputs. */
const needed = [3, 254] as const;

/** @throws CommandError where Pulumi is older than import files with inputs and outputs */
export async function assertPulumiVersion(): Promise<void> {
  const { text } = await pulumi(["version"]);
  const [, major, minor] = /v?(\d+)\.(\d+)\./.exec(text) ?? [];
  if (Number(major) > needed[0] || (Number(major) === needed[0] && Number(minor) >= needed[1])) return;
  throw new CommandError(
    "OC5214",
    `pulumi ${text.trim()} is too old: its import files cannot have inputs and outputs`,
    `Install Pulumi ${needed.join(".")} or newer`,
  );
}
