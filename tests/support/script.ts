import { execFile } from "node:child_process";
import { join } from "node:path";

const checkout = join(__dirname, "../..");

/** Runs a script as anybody would who has the package, with no Pulumi around. */
export function node(
  script: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const options = { cwd: checkout, env: { ...process.env, ...env }, timeout: 30_000, killSignal: "SIGKILL" } as const;
    const child = execFile(process.execPath, ["-e", script], options, (_, out, err) => {
      resolve({ code: child.exitCode, out, err });
    });
  });
}

/** Ends a script's look-ups: it tells what they gave, and how long the process lives on. */
export const tell = `.then((told) => {
  const done = Date.now();
  process.on("exit", () => console.log(JSON.stringify({ told, livesOn: Date.now() - done })));
});`;
