import { execFile } from "node:child_process";
import { join } from "node:path";

export const example = join(__dirname, "../../../examples/ci");

export interface ScriptResult {
  code: number | null;
  out: string;
  err: string;
}

/**
 * Runs a script as a job does, with no other variables than PATH and these.
 * @param project the folder of the project: examples/ci or a copy of it
 */
export function runScript(
  name: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  project = example,
): Promise<ScriptResult> {
  return new Promise((resolve) => {
    const options = { cwd: project, env: { PATH: process.env["PATH"], ...env } };
    const child = execFile(join(project, "scripts", name), args, options, (_, out, err) => {
      resolve({ code: child.exitCode, out, err });
    });
  });
}
