// npm run test:docker-28: runs the engine tests on a newer Docker engine than Debian's, beside the machine's own engine, which
// is not touched. The first run builds the newer engine, which takes minutes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { clientOf, copyImage, hasEnded, resultOf } from "./own-engine.mjs";
import { attached, main } from "./quickstart.mjs";
import { clientsImage } from "./set-up/clients-image.mjs";
import { docker28 } from "./set-up/docker-28.mjs";
import { gatewayImage } from "./set-up/gateway-image.mjs";
import { cacheFolder, checkout } from "./set-up/places.mjs";
import { pulumiEnv } from "./set-up/pulumi-env.mjs";
import { setUp } from "./set-up/set-up.mjs";
import { SetUpError } from "./set-up/steps.mjs";

const suites = ["contract/docker-*", "contract/backend*", "contract/differences", "egress/live/**/*"];
const timeout = 60_000; // ms for an engine to exit
const log = join(cacheFolder, "docker-28.log");

/**
 * Starts the engine in a network namespace of its own: in the machine's, the firewall of the machine's engine would drop
 * traffic between containers of this one. Its mount namespace hides the machine's containerd, and ends with the engine.
 */
const start = `ip link set lo up
ip link add eth0 type bridge
ip address add 192.0.2.1/24 dev eth0 # RFC 5737: nobody's
ip link set eth0 up
mkdir -p /run/containerd
mount -t tmpfs tmpfs /run/containerd
exec dockerd "$@"`;

await main(async () => {
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    throw new SetUpError("A second engine can only be started on Linux, as root.");
  let made = { gateway: "", clients: "", bin: "" };
  const { pulumiBin, image } = await setUp(async () => {
    const gateway = await resultOf("gateway image", gatewayImage);
    const clients = await resultOf("clients image", clientsImage);
    made = { gateway, clients, bin: await resultOf("Docker 28", docker28) };
  });
  const { gateway, clients, bin } = made;
  const env = { ...pulumiEnv(pulumiBin), PATH: `${bin}${delimiter}${process.env["PATH"]}` };
  await onEngine(env, async ({ host, client, within }) => {
    for (const name of new Set([image, gateway, clients].filter(Boolean))) await copyImage(name, client);
    const { Version, ApiVersion } = await client.version();
    process.stdout.write(`\nDocker Engine ${Version}, API ${ApiVersion}, log ${log}\n`);
    const specs = suites.flatMap((suite) => ["--spec", `tests/${suite}.test.ts`]);
    const mocha = [join(checkout, "node_modules/.bin/mocha"), "--parallel", "--jobs", "3", ...specs];
    process.exitCode = await attached("nsenter", [...within, ...mocha], {
      ...env,
      DOCKER_HOST: host,
      DOCKER_TLS_VERIFY: undefined,
      OPENAI_CONTAINERS_TEST_IMAGE: image,
      OPENAI_CONTAINERS_TEST_GATEWAY_IMAGE: gateway,
      OPENAI_CONTAINERS_TEST_CLIENTS_IMAGE: clients,
    });
  });
});

/**
 * Runs the work on an engine that shares nothing with the machine's own, and removes the engine afterwards. A signal ends
 * both.
 * @param {NodeJS.ProcessEnv} env
 * @param {(engine: { host: string, client: import("dockerode"), within: string[] }) => Promise<void>} work `within` is
 * nsenter's flags for the engine's network namespace
 */
async function onEngine(env, work) {
  const folder = mkdtempSync(join(tmpdir(), "openai-containers-docker-28-"));
  const host = `unix://${folder}/docker.sock`;
  const places = { "data-root": "data", "exec-root": "exec", pidfile: "pid" };
  const flags = Object.entries(places).map(([flag, name]) => `--${flag}=${folder}/${name}`);
  const out = openSync(log, "w", 0o600);
  const command = ["--net", "--mount", "sh", "-ec", start, "sh", "--config-file=/dev/null", `--host=${host}`, ...flags];
  // In its own session, so that Ctrl-C signals it once, and not through the terminal.
  const child = spawn("unshare", command, { env, detached: true, stdio: ["ignore", out, out] });
  closeSync(out);
  const ended = once(child, "close");
  const end = () => void child.kill();
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, end).on(signal, () => {});
  try {
    const client = await clientOf(host, child);
    await work({ host, client, within: [`--net=/proc/${child.pid}/ns/net`] });
    if (hasEnded(child)) throw new Error("it exited before the tests ended");
  } catch (error) {
    throw new SetUpError(`Docker Engine 28: ${error instanceof Error ? error.message : error}. Its log is ${log}.`);
  } finally {
    end();
    await Promise.race([ended, sleep(timeout, undefined, { ref: false })]);
    child.kill("SIGKILL"); // no effect on a process that has exited
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}
