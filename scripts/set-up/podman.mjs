import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ask } from "./run.mjs";
import { SetUpError } from "./steps.mjs";

const packages = ["podman", "netavark", "aardvark-dns", "catatonit", "runc", "iptables"];
/** Where distributions put programs that are Podman's alone. */
const folders = ["/usr/libexec/podman", "/usr/lib/podman", "/usr/local/libexec/podman"];

/**
 * For tests only: Podman, where it is installed with what these tests need of it.
 * @returns {Promise<string>} its version
 */
export async function podman() {
  const version = /\d+\.\d+\.\d+/.exec((await ask("podman", ["--version"])) ?? "")?.[0];
  const missing = ["netavark", "aardvark-dns", "catatonit"].filter(
    (program) => !folders.some((folder) => existsSync(join(folder, program))),
  );
  for (const program of ["runc", "iptables"])
    if ((await ask(program, ["--version"])) === undefined) missing.push(program);
  if (version && missing.length === 0) return version;
  const what = version ? `Podman lacks ${missing.join(", ")} here` : "There is no Podman here";
  throw new SetUpError(
    `${what}: on Debian 12, \`apt-get install --no-install-recommends ${packages.join(" ")}\` installs it.`,
  );
}

/**
 * The configuration of its service, so that nothing of the machine's own Podman is used. crun fails where both versions of cgroups are
 * mounted; and containers get this process's limits, as Podman's own are higher, which takes CAP_SYS_RESOURCE.
 * @param {string} folder
 */
export function podmanConfiguration(folder) {
  const ulimits = Object.entries(ownUlimits()).map(([name, limit]) => `"${name}=${limit}:${limit}"`);
  return `[containers]
default_ulimits = [${ulimits.join(", ")}]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
network_config_dir = "${folder}/networks"
`;
}

/** @returns {Record<string, number>} of the limits that Podman sets by itself, those that this process has */
export function ownUlimits() {
  const limits = readFileSync("/proc/self/limits", "utf8");
  const found = Object.entries({ nofile: "open files", nproc: "processes" }).map(([name, title]) => {
    const [, hard] = new RegExp(`^Max ${title} +\\w+ +(\\d+)`, "m").exec(limits) ?? [];
    return [name, Number(hard)];
  });
  return Object.fromEntries(found.filter(([, hard]) => hard)); // not where there is none
}

/** The tests' own registries are on loopback, without TLS. */
export const podmanRegistries = `[[registry]]
location = "127.0.0.1"
insecure = true
`;
