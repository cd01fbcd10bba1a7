import { existsSync } from "node:fs";
import { ask } from "./run.mjs";
import { SetUpError } from "./steps.mjs";

const packages = ["docker.io", "rootlesskit", "slirp4netns", "uidmap"];
/** Debian's script of `docker.io`, and that of Docker's own packages. */
const scripts = ["/usr/share/docker.io/contrib/dockerd-rootless.sh", "/usr/bin/dockerd-rootless.sh"];

/**
 * For tests only: rootless Docker, where it is installed.
 * @returns {Promise<string>} the script that starts it
 */
export async function rootlessDocker() {
  const script = scripts.find((path) => existsSync(path));
  const missing = [];
  for (const program of ["rootlesskit", "slirp4netns"])
    if ((await ask(program, ["--version"])) === undefined) missing.push(program);
  if (!existsSync("/usr/bin/newuidmap")) missing.push("newuidmap");
  if (script && missing.length === 0) return script;
  const what = script ? `Rootless Docker lacks ${missing.join(", ")} here` : "There is no dockerd-rootless.sh here";
  throw new SetUpError(
    `${what}: on Debian 12, \`apt-get install --no-install-recommends ${packages.join(" ")}\` installs it.`,
  );
}
