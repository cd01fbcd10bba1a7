// Starts an engine beside the machine's own ones, which it leaves alone, and removes it afterwards.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheFolder, checkout } from "./set-up/places.mjs";
import { SetUpError } from "./set-up/steps.mjs";

const startTimeout = 60_000; // ms for an engine to respond

/** The tests of whatever runs sandboxes. */
export const sandboxSuites = [
  ...["contract/backend*", "contract/docker-*", "contract/differences"],
  ...["contract/data-sources-docker", "contract/import-candidates", "contract/import-command-docker"],
  "egress/live/**/*",
];

/**
 * @typedef {object} EngineKind
 * @property {string} title
 * @property {string[]} suites the tests that it passes
 * @property {(say: import("./set-up/steps.mjs").Say) => Promise<string>} find finds or builds its programs
 * @property {(folder: string, found: string) => Service} service
 * @property {(host: string, work: (host: string) => Promise<void>) => Promise<void>} [through] runs the work behind a proxy
 */

/**
 * How an engine is started that keeps its files in `folder`, its working directory, and listens on engine.sock there.
 * @typedef {object} Service
 * @property {string[]} hidden folders in which the machine's own engines have their state: it gets empty ones
 * @property {string} start the shell commands that start it, the last of them with the arguments
 * @property {string[]} args
 * @property {NodeJS.ProcessEnv} env
 */

/**
 * Namespaces of its own, as of another host: in the machine's network, the firewall of the machine's engine would drop what
 * its containers send. All its processes end with the first one, which waits for the orphans among them.
 * @param {Service} service
 */
const script = ({ hidden, start }) => `ip link set lo up
ip link add eth0 type bridge
ip address add 192.0.2.1/24 dev eth0 # RFC 5737: nobody's
ip link set eth0 up
for folder in ${hidden.join(" ")}; do
  mkdir -p $folder
  mount -t tmpfs tmpfs $folder
done
${start} &
wait`;

/**
 * Runs the work on an engine that nobody else uses. A signal ends the engine, and so the work.
 * @param {EngineKind} kind
 * @param {string} found what its `find` returned
 * @param {NodeJS.ProcessEnv} env
 * @param {(engine: { host: string, client: import("dockerode"), log: string, within: string[] }) => Promise<void>} work
 * `within` is the command that runs another one in the engine's namespaces
 */
export async function onOwnEngine(kind, found, env, work) {
  const log = join(cacheFolder, `${kind.title.toLowerCase().replaceAll(" ", "-")}.log`);
  const folder = mkdtempSync(join(tmpdir(), "openai-containers-own-engine-"));
  const service = kind.service(folder, found);
  const out = openSync(log, "w", 0o600);
  const namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  // In its own session, so that Ctrl-C at the terminal does not signal it a second time.
  const child = spawn("unshare", [...namespaces, "sh", "-ec", script(service), "sh", ...service.args], {
    env: { ...env, ...service.env },
    cwd: folder, // where core files of containers go
    detached: true,
    stdio: ["ignore", out, out],
  });
  closeSync(out);
  const ended = once(child, "close");
  const end = () => void child.kill("SIGKILL"); // which its first process gets as well
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, end).on(signal, () => {});
  try {
    const socket = `unix://${folder}/engine.sock`;
    const client = await clientOf(socket, child);
    const of = `/proc/${child.pid}/ns`;
    const flags = [`--net=${of}/net`, `--mount=${of}/mnt`, `--pid=${of}/pid_for_children`, `--wd=${checkout}`];
    const through = kind.through ?? ((host, behind) => behind(host));
    await through(socket, (host) => work({ host, client, log, within: ["nsenter", ...flags] }));
    if (hasEnded(child)) throw new Error("it exited before the tests ended");
  } catch (error) {
    throw new SetUpError(`${kind.title}: ${error instanceof Error ? error.message : error}. Its log is ${log}.`);
  } finally {
    end();
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 }); // its mounts end some time after it
  }
}

/**
 * Connects with the provider's own code, as soon as the engine responds.
 * @param {string} host
 * @param {import("node:child_process").ChildProcess} child
 */
async function clientOf(host, child) {
  const { connect } = await import("../dist/provider/backends/docker/engine/engine.js");
  const { dockerSettings } = await import("../dist/provider/backends/docker/settings.js");
  const { settingSources } = await import("../dist/provider/config.js");
  const settings = dockerSettings(settingSources({ DOCKER_HOST: host }));
  for (const end = Date.now() + startTimeout; ; await sleep(100)) {
    try {
      return (await connect(settings)).client;
    } catch (error) {
      if (hasEnded(child) || Date.now() > end) throw error;
    }
  }
}

/** @param {import("node:child_process").ChildProcess} child */
function hasEnded(child) {
  return child.exitCode !== null || child.signalCode !== null;
}
