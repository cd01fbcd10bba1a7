import { main } from "../../sdk/cli/main";

export type Ran = [exitCode: number, out: string, err: string];

/** Runs `openai-containers` in this process. */
export async function ranMain(args: string[]): Promise<Ran> {
  let [out, err] = ["", ""];
  const tell = (text: string) => {
    out += text;
  };
  const complain = (text: string) => {
    err += text;
  };
  return [await main(args, { tell, complain }), out, err];
}
