import { main } from "../../sdk/cli/main";

export type Ran = [exitCode: number, stdout: string, stderr: string];

/** Runs `openai-containers` in this process. */
export async function ranMain(args: string[]): Promise<Ran> {
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
