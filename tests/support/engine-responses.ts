import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { dirname } from "node:path";

const info = {
  ID: "engine",
  Name: "host",
  DockerRootDir: "/data",
  MemTotal: 1,
  MemoryLimit: true,
  SwapLimit: true,
  PidsLimit: true,
  OSType: "linux",
  Architecture: "x86_64",
  CgroupVersion: "2",
  Driver: "overlay2",
  DefaultRuntime: "runc",
  Runtimes: { runc: { path: "runc" } },
};

/** A server that responds as a new Docker engine does to a client that connects. */
export async function startResponses(socket: string, changes: object = {}): Promise<Server> {
  const answers: Record<string, object> = {
    "/version": { ApiVersion: "1.51", Version: "28.5.2" },
    "/v1.51/info": { ...info, ...changes },
  };
  const server = createServer(({ url = "" }, answer) => answer.end(JSON.stringify(answers[url])));
  mkdirSync(dirname(socket), { recursive: true });
  await once(server.listen(socket), "listening");
  return server;
}
