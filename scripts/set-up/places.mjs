import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const name = "pulumi-openai-containers";

/** This checkout. */
export const checkout = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** Tools that are built or downloaded once for each machine; it can be deleted. */
export const cacheFolder = folder(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), name);

/** The state and the passphrase of this checkout's stack: it must be kept. */
export const stateFolder = folder(
  process.env["XDG_STATE_HOME"] ?? join(homedir(), ".local", "state"),
  name,
  createHash("sha256").update(checkout).digest("hex").slice(0, 12),
);

/** @param {string[]} parts */
function folder(...parts) {
  const path = join(...parts);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}
