import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "./checks/error-code";
import { requireSupportedNode } from "./node-version";
import { parseStartConfiguration, type StartConfiguration } from "./policy/start-configuration";

/**
 * `node launch.js gateway|listeners '<start configuration as JSON>'`: one of two programs that run in different network
 * namespaces, with Node's own channel between them, over which listening sockets can be sent. The channel is a connection
 * on a unix socket, which a program can get at its start only (NODE_CHANNEL_FD of child_process.fork): so this one makes
 * the connection, starts the program with it, and exits as that exits.
 */
const programs = {
  gateway: { file: "main.js", openChannel: awaitPeer },
  listeners: { file: "listeners.js", openChannel: reachPeer },
};

/** Accepts the first connection alone: the socket is removed then. A launcher that was killed before has not removed it. */
function awaitPeer({ channel, limits }: StartConfiguration): Promise<Socket> {
  rmSync(channel, { force: true });
  return new Promise((resolve, reject) => {
    const server = createServer({ pauseOnConnect: true }, (socket) => {
      clearTimeout(timer);
      server.close();
      resolve(socket);
    });
    const timer = setTimeout(() => reject(new Error("no listeners connected")), limits.setupMs);
    server.once("error", reject).listen(channel);
  });
}

async function reachPeer({ channel, limits }: StartConfiguration): Promise<Socket> {
  for (const end = Date.now() + limits.setupMs; ; await sleep(10)) {
    try {
      return await connected(channel);
    } catch (error) {
      const isEarly = codeOf(error) === "ENOENT" || codeOf(error) === "ECONNREFUSED";
      if (!isEarly || Date.now() > end) throw error;
    }
  }
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => resolve(socket.pause())); // the program reads it, from its first byte on
    socket.once("error", reject);
  });
}

function run(file: string, json: string, channel: Socket): void {
  const child = spawn(process.execPath, [...process.execArgv, join(__dirname, file), json], {
    stdio: ["inherit", "inherit", "inherit", channel],
    env: { ...process.env, NODE_CHANNEL_FD: "3" },
  });
  channel.destroy();
  child.once("exit", (code) => process.exit(code ?? 1));
}

async function main([name, json, ...more]: string[]): Promise<void> {
  requireSupportedNode(process.versions.node);
  if ((name !== "gateway" && name !== "listeners") || json === undefined || more.length > 0)
    throw new Error("usage: node launch.js gateway|listeners '<start configuration as JSON>'");
  const { file, openChannel } = programs[name];
  run(file, json, await openChannel(parseStartConfiguration(json)));
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
