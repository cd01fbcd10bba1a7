import { execFile } from "node:child_process";
import { z } from "zod";

/** The outcome of a credential helper: the credentials that it has, none, or why it could not tell. Its output is never shown. */
export type HelperOutcome = { username: string; secret: string } | "none" | { failure: string };

const answer = z.object({ Username: z.string(), Secret: z.string() });

/** In place of a code, the protocol has this text. */
const notFound = "credentials not found in native keychain";

/**
 * Asks one of Docker's credential helpers, which may open a keychain or a browser:
 * https://github.com/docker/docker-credential-helpers
 * @param program in the `PATH`: `docker-credential-pass`
 * @param key the registry's
 */
export function askHelper(program: string, key: string, timeoutMs: number): Promise<HelperOutcome> {
  return new Promise((resolve) => {
    const options = { timeout: timeoutMs, killSignal: "SIGKILL", windowsHide: true } as const;
    const child = execFile(program, ["get"], options, (error, stdout) => {
      if (!error) resolve(parsed(stdout));
      else if (stdout.trim() === notFound) resolve("none");
      else resolve({ failure: reasonOf(error, timeoutMs) });
    });
    child.stdin?.on("error", () => {}); // it may end without reading
    child.stdin?.end(key);
  });
}

function parsed(stdout: string): HelperOutcome {
  try {
    const { Username: username, Secret: secret } = answer.parse(JSON.parse(stdout));
    return username === "" && secret === "" ? "none" : { username, secret };
  } catch {
    return { failure: "its output is not the JSON of a credential helper" };
  }
}

/** Not the error's own message, which has the helper's output. */
function reasonOf(
  { code, killed, signal }: Error & { code?: unknown; killed?: unknown; signal?: unknown },
  timeoutMs: number,
): string {
  if (code === "ENOENT") return "there is no such program in PATH";
  if (code === "EACCES") return "it is not executable";
  if (typeof code === "number") return `it failed with exit code ${code}`;
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return "its output is too long";
  if (typeof code === "string") return `it cannot be run (${code})`;
  return killed ? `it did not respond in ${timeoutMs / 1000} s` : `it was ended by ${signal}`;
}
