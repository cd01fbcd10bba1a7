// npm run test:podman [-- name…]: the live tests of allow lists, or those named (network), on Podman, whose service runs beside
// the machine's own engines and leaves them alone.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { clientOf, copyImage, resultOf } from "./own-engine.mjs";
import { attached, main } from "./quickstart.mjs";
import { clientsImage } from "./set-up/clients-image.mjs";
import { gatewayImage } from "./set-up/gateway-image.mjs";
import { cacheFolder, checkout } from "./set-up/places.mjs";
import { ownUlimits, podman, podmanConfiguration } from "./set-up/podman.mjs";
import { pulumiEnv } from "./set-up/pulumi-env.mjs";
import { setUp } from "./set-up/set-up.mjs";
import { SetUpError } from "./set-up/steps.mjs";

const suite = "tests/egress/live";
const log = join(cacheFolder, "podman.log");

/**
 * Namespaces of its own, as of a host by itself: in the machine's network the firewall of a Docker engine would drop what its
 * containers send, and what Podman knows of its containers, locks and networks is in these folders, whatever its storage. All
 * its processes end with the first one, which waits for the orphans among them.
 */
const start = `ip link set lo up
ip link add eth0 type bridge
ip address add 192.0.2.1/24 dev eth0 # RFC 5737: nobody's
ip link set eth0 up
for folder in /run/libpod /run/containers /run/netns /dev/shm; do
  mkdir -p $folder
  mount -t tmpfs tmpfs $folder
done
echo nameserver 127.0.0.77 >resolv.conf # names.test.ts listens there
mount --bind resolv.conf /etc/resolv.conf
podman "$@" &
wait`;

await main(async () => {
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !existsSync(join(checkout, suite, `${name}.test.ts`)));
  if (unknown.length > 0)
    throw new SetUpError(`No tests ${unknown.join(", ")} in ${suite}: a name is such as network.`);
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    throw new SetUpError("To start Podman's service beside other engines takes Linux, and root.");
  let made = { version: "", gateway: "", clients: "" };
  const { pulumiBin, image } = await setUp(async () => {
    const version = await resultOf("Podman", podman);
    const gateway = await resultOf("gateway image", gatewayImage);
    made = { version, gateway, clients: await resultOf("clients image", clientsImage) };
  });
  const { version, gateway, clients } = made;
  const env = { ...pulumiEnv(pulumiBin), DOCKER_TLS_VERIFY: undefined };
  await onPodman(env, async ({ host, client, within }) => {
    const images = new Map([["", ""]]);
    for (const name of [image, gateway, clients]) {
      if (!images.has(name)) images.set(name, await copyImage(name, client));
    }
    process.stdout.write(`\nPodman ${version}, whose log is ${log}\n`);
    const specs = named.length > 0 ? named : ["**/*"];
    const files = specs.flatMap((name) => ["--spec", `${suite}/${name}.test.ts`]);
    const mocha = [join(checkout, "node_modules/.bin/mocha"), "--parallel", "--jobs", "2", ...files];
    process.exitCode = await attached("nsenter", [...within, ...mocha], {
      ...env,
      DOCKER_HOST: host,
      OPENAI_CONTAINERS_TEST_IMAGE: images.get(image),
      OPENAI_CONTAINERS_TEST_GATEWAY_IMAGE: images.get(gateway),
      OPENAI_CONTAINERS_TEST_CLIENTS_IMAGE: images.get(clients),
    });
    // Nobody else uses this service, and its volumes have no label by which the tests could know theirs.
    const { Volumes } = await client.listVolumes();
    const left = [...(await client.listContainers({ all: true })), ...Volumes].length;
    if (left > 0) throw new Error(`the tests left ${left} containers and volumes`);
  });
});

/**
 * Runs the work on a service of Podman that shares nothing with the machine's own. Nothing of it stays; a signal ends it, and so
 * the work.
 * @param {NodeJS.ProcessEnv} env
 * @param {(engine: { host: string, client: import("dockerode"), within: string[] }) => Promise<void>} work `within` has
 * nsenter's flags for the service's namespaces
 */
async function onPodman(env, work) {
  const folder = mkdtempSync(join(tmpdir(), "openai-containers-podman-"));
  mkdirSync(join(folder, "networks"));
  writeFileSync(join(folder, "containers.conf"), podmanConfiguration(folder));
  const socket = `${folder}/podman.sock`;
  const places = [`--root=${folder}/data`, `--runroot=${folder}/run`];
  const service = [...places, "system", "service", "--time=0", `unix://${socket}`];
  const out = openSync(log, "w", 0o600);
  const namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  // In its own session, so that a Ctrl-C at the terminal does not signal it a second time.
  const child = spawn("unshare", [...namespaces, "sh", "-ec", start, "sh", ...service], {
    env: { ...env, CONTAINERS_CONF: join(folder, "containers.conf") },
    cwd: folder, // where files come about of containers that run out of memory
    detached: true,
    stdio: ["ignore", out, out],
  });
  closeSync(out);
  const ended = once(child, "close");
  const end = () => void child.kill("SIGKILL"); // which its first process gets as well
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, end).on(signal, () => {});
  try {
    const client = await clientOf(`unix://${socket}`, child);
    const of = `/proc/${child.pid}/ns`;
    const within = [`--net=${of}/net`, `--mount=${of}/mnt`, `--pid=${of}/pid_for_children`, `--wd=${checkout}`];
    await withLowUlimits(socket, (host) => work({ host, client, within }));
  } catch (error) {
    throw new SetUpError(`Podman: ${error instanceof Error ? error.message : error}. Its log is ${log}.`);
  } finally {
    end();
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/**
 * Runs the work on the service, or where this machine has no CAP_SYS_RESOURCE behind what adds limits of a process, which this
 * one has, to what the tests ask for.
 * @param {string} socket
 * @param {(host: string) => Promise<void>} work
 */
async function withLowUlimits(socket, work) {
  const [, capabilities = "0"] = /^CapEff:\s*([\da-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  if ((BigInt(`0x${capabilities}`) >> 24n) & 1n) return work(`unix://${socket}`); // capability.h: CAP_SYS_RESOURCE
  const limits = JSON.stringify(ownUlimits());
  process.stdout.write(
    `There is no CAP_SYS_RESOURCE here, without which no limits of a process (ulimit) can be set that are higher than this one's: to what the tests ask for ${limits} is added.\n`,
  );
  const program = ["-r", "ts-node/register/transpile-only", "tests/support/low-ulimits.ts", socket, limits];
  const child = spawn(process.execPath, program, { cwd: checkout, stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  try {
    const [host] = await Promise.race([once(createInterface({ input: child.stdout }), "line"), ended]);
    await work(String(host));
  } finally {
    child.stdin.end();
    await ended;
  }
}
