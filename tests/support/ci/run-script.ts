import { execFile } from "node:child_process";
import { join } from "node:path";

export const scripts = join(__dirname, "../../../examples/ci/scripts");

export interface ScriptResult {
  code: number | null;
  out: string;
  err: string;
}

/** Runs a script of examples/ci with no other variables than PATH and these. */
export function runScript(name: string, args: string[], env: NodeJS.ProcessEnv, cwd = scripts): Promise<ScriptResult> {
  return new Promise((resolve) => {
    const options = { cwd, env: { PATH: process.env["PATH"], ...env } };
    const child = execFile(join(scripts, name), args, options, (_, out, err) => {
      resolve({ code: child.exitCode, out, err });
    });
  });
}
