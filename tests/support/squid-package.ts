import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { kill } from "./processes";

const servicePid = "/run/squid.pid";

/** Installs one of Debian's packages of Squid, and ends the service that comes with it. It takes root. */
export async function install(name: string): Promise<void> {
  if (process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) return;
  const wasThere = existsSync(servicePid);
  const isInstalled = apt("install", name) || (apt("update") && apt("install", name)); // the lists may be old, or missing
  if (isInstalled && !wasThere) await endService();
}

function apt(command: "install" | "update", ...names: string[]): boolean {
  const args = ["-qq", "-y", "--no-install-recommends", command, ...names];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", args, { env, stdio: ["ignore", "ignore", "inherit"] }).status === 0;
}

/** The package starts one on port 3128, if the machine starts services at all. */
async function endService(): Promise<void> {
  for (let tries = 0; tries < 20 && !existsSync(servicePid); tries++) await sleep(100);
  if (!existsSync(servicePid)) return;
  const pid = Number(readFileSync(servicePid, "utf8"));
  kill(pid, "SIGTERM");
  while (existsSync(`/proc/${pid}`)) await sleep(100);
}
