import { execFile } from "node:child_process";
import { join } from "node:path";

const checkout = join(__dirname, "../..");

/** Runs a script that uses the installed package without Pulumi. */
export function node(
  script: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const options = {
      cwd: checkout,
      env: { ...process.env, ...env },
      timeout: 300_000,
      killSignal: "SIGKILL",
    } as const;
    const child = execFile(process.execPath, ["-e", script], options, (_, out, err) => {
      resolve({ code: child.exitCode, out, err });
    });
  });
}

/** The end of a script: prints the results of its data sources, and the timers that would keep the process alive. */
export const printing = `.then((found) => {
  const timers = process.getActiveResourcesInfo().filter((resource) => resource === "Timeout");
  const done = Date.now();
  process.on("exit", () => console.log(JSON.stringify({ found, timers, livesOn: Date.now() - done })));
});`;
