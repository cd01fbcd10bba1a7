import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { connectAsProvider } from "./set-up/provider-engine.mjs";

/** Prints the settings of a container, as the engine and as processes inside report them. @param {string} id */
export async function proof(id) {
  const { client } = await connectAsProvider();
  const container = client.getContainer(id);
  const { State, HostConfig, Config } = await container.inspect();
  /** @param {string} command */
  const inside = (command) => execute(client, id, command);
  const limit = await inside(
    "cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes",
  );
  const rows = [
    ["container", id],
    ["status", State.Status],
    [
      "engine",
      `memory ${gib(HostConfig.Memory ?? 0)}, network ${HostConfig.NetworkMode}, user ${Config.User}, image ${Config.Image}`,
    ],
    ["inside", `memory limit as the kernel sees it: ${limit} bytes (${gib(Number(limit))})`],
    [
      "",
      `network interfaces: ${await inside("echo $(ls /sys/class/net)")}; routes: ${(await inside("tail -n +2 /proc/net/route")) || "none"}`,
    ],
    ["", `${await inside("python3 --version 2>&1 || echo no Python")}, working in ${await inside("pwd")}`],
    ["try it", `docker exec -it ${id} sh`],
  ];
  process.stdout.write(`\nProof\n${rows.map(([name = "", value = ""]) => `  ${name.padEnd(10)} ${value}\n`).join("")}`);
}

/** @param {number} bytes */
function gib(bytes) {
  return `${bytes / 2 ** 30} GiB`;
}

/** @param {import("dockerode")} client @param {string} id @param {string} command */
async function execute(client, id, command) {
  const exec = await client.getContainer(id).exec({ Cmd: ["sh", "-c", command], AttachStdout: true });
  const stream = await exec.start({});
  const out = new PassThrough();
  client.modem.demuxStream(stream, out, out);
  stream.on("end", () => out.end());
  return (await text(out)).trim();
}
