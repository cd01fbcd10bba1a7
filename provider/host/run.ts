import { createHash } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Run } from "../lifecycle/journal/journal";
import { processMark } from "../lifecycle/journal/process-mark";

/** The folder of the journal of this user's runs: `~/.local/state/pulumi-openai-containers/journal`. */
export function journalFolder(env: NodeJS.ProcessEnv): string {
  const state = env["XDG_STATE_HOME"] || join(homedir(), ".local", "state");
  return join(state, "pulumi-openai-containers", "journal");
}

/**
 * The run of Pulumi that this process is a part of. Pulumi starts it in the program's folder.
 * @param engine the address of Pulumi's engine
 */
export function currentRun(env: NodeJS.ProcessEnv, engine: string | undefined): Run {
  const address = stateAddress(env);
  return {
    program: realpathSync(process.cwd()),
    state: address && fingerprint(address),
    engine,
    process: processMark(process.pid),
  };
}

/** The address of Pulumi's state: the same program may have a stack of the same name at several addresses. */
function stateAddress(env: NodeJS.ProcessEnv): string | undefined {
  if (env["PULUMI_BACKEND_URL"]) return env["PULUMI_BACKEND_URL"];
  const file = join(env["PULUMI_HOME"] || join(homedir(), ".pulumi"), "credentials.json");
  try {
    return z.object({ current: z.string() }).parse(JSON.parse(readFileSync(file, "utf8"))).current;
  } catch {
    return undefined; // not logged in
  }
}

/** The address may hold a password: postgres://user:password@host. */
function fingerprint(address: string): string {
  return createHash("sha256").update(address).digest("hex").slice(0, 16);
}
