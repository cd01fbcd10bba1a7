// npm run test:docker-28: what is tested on a Docker engine, on a newer one than Debian's, which runs beside the machine's
// own and leaves that alone. The first run builds that engine, which takes minutes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { attached, main } from "./quickstart.mjs";
import { clientsImage } from "./set-up/clients-image.mjs";
import { docker28 } from "./set-up/docker-28.mjs";
import { gatewayImage } from "./set-up/gateway-image.mjs";
import { cacheFolder, checkout } from "./set-up/places.mjs";
import { connectAsProvider } from "./set-up/provider-engine.mjs";
import { pulumiEnv } from "./set-up/pulumi-env.mjs";
import { setUp } from "./set-up/set-up.mjs";
import { SetUpError, step } from "./set-up/steps.mjs";

const suites = ["contract/docker-*", "contract/backend*", "contract/differences", "egress/live/**/*"];
const patience = 60_000; // ms for an engine to answer, or to end
const log = join(cacheFolder, "docker-28.log");

/**
 * A network of the engine's own, as of a host by itself: in the machine's, the firewall of the machine's engine would drop
 * what containers of this one tell each other. Its mounts end with it, and a containerd of the machine it does not see.
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
    throw new SetUpError("To start an engine beside the machine's own takes Linux, and root.");
  let made = { gateway: "", clients: "", bin: "" };
  const { pulumiBin, image } = await setUp(async () => {
    const gateway = await told("gateway image", gatewayImage);
    const clients = await told("clients image", clientsImage);
    made = { gateway, clients, bin: await told("Docker 28", docker28) };
  });
  const { gateway, clients, bin } = made;
  const env = { ...pulumiEnv(pulumiBin), PATH: `${bin}${delimiter}${process.env["PATH"]}` };
  await onEngine(env, async ({ host, client, within }) => {
    for (const name of new Set([image, gateway, clients].filter(Boolean))) await copyImage(name, client);
    const { Version, ApiVersion } = await client.version();
    process.stdout.write(`\nDocker Engine ${Version}, API ${ApiVersion}, whose log is ${log}\n`);
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
 * Runs the work on an engine that shares nothing with the machine's own. Nothing of it stays; a signal ends it, and so the
 * work.
 * @param {NodeJS.ProcessEnv} env
 * @param {(engine: { host: string, client: import("dockerode"), within: string[] }) => Promise<void>} work `within` has
 * nsenter's flags for the engine's network
 */
async function onEngine(env, work) {
  const folder = mkdtempSync(join(tmpdir(), "openai-containers-docker-28-"));
  const host = `unix://${folder}/docker.sock`;
  const places = { "data-root": "data", "exec-root": "exec", pidfile: "pid" };
  const flags = Object.entries(places).map(([flag, name]) => `--${flag}=${folder}/${name}`);
  const out = openSync(log, "w", 0o600);
  const command = ["--net", "--mount", "sh", "-ec", start, "sh", "--config-file=/dev/null", `--host=${host}`, ...flags];
  // In a session of its own: of a Ctrl-C it is told once, and not by the terminal.
  const child = spawn("unshare", command, { env, detached: true, stdio: ["ignore", out, out] });
  closeSync(out);
  const ended = once(child, "close");
  const end = () => void child.kill();
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, end).on(signal, () => {});
  try {
    const client = await clientOf(host, child);
    await work({ host, client, within: [`--net=/proc/${child.pid}/ns/net`] });
    if (hasEnded(child)) throw new Error("it ended before the tests did");
  } catch (error) {
    throw new SetUpError(`Docker Engine 28: ${error instanceof Error ? error.message : error}. Its log is ${log}.`);
  } finally {
    end();
    await Promise.race([ended, sleep(patience, undefined, { ref: false })]);
    child.kill("SIGKILL"); // does nothing to what has ended
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Connects with the provider's own code, as soon as the engine answers.
 * @param {string} host
 * @param {import("node:child_process").ChildProcess} child
 */
async function clientOf(host, child) {
  const { connect } = await import("../dist/provider/backends/docker/engine/engine.js");
  const { dockerSettings } = await import("../dist/provider/backends/docker/settings.js");
  const { settingSources } = await import("../dist/provider/config.js");
  const settings = dockerSettings(settingSources({ DOCKER_HOST: host }, () => undefined));
  for (const end = Date.now() + patience; ; await sleep(100)) {
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

/** @param {string} name @param {import("dockerode")} to */
async function copyImage(name, to) {
  await step("copying", async () => {
    const { client } = await connectAsProvider();
    let answer = "";
    for await (const chunk of await to.loadImage(await client.getImage(name).get())) answer += String(chunk);
    if (/"error"/.test(answer)) throw new SetUpError(`The engine did not take the image: ${answer}`);
    return name;
  });
}

/** @param {string} name @param {(say: import("./set-up/steps.mjs").Say) => Promise<string>} work @returns what it made */
async function told(name, work) {
  let result = "";
  await step(name, async (say) => {
    result = await work(say);
    return result || "none can be made";
  });
  return result;
}
