import { main } from "../../sdk/cli/main";

export type CommandResult = [exitCode: number, stdout: string, stderr: string];

/** Runs `openai-containers` in this process. */
export async function runMain(args: string[]): Promise<CommandResult> {
  let [out, err] = ["", ""];
  const exitCode = await main(args, {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
  });
  return [exitCode, out, err];
}
