import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type Docker from "dockerode";
import type { Endpoint } from "./discovery/endpoint";
import { sshArguments } from "./ssh/ssh-arguments";
import { SshConnection } from "./ssh/ssh-connection";
import { tlsOptions } from "./tls/tls-files";

/** Of dockerode, whose types have no agent. */
export type ClientOptions = Docker.DockerOptions & { agent?: HttpAgent };

/**
 * The client's options for a usable endpoint. All clients with the same options share their connections.
 * @throws UnreachableError for certificates that cannot be used
 */
export function clientOptions({ address, tls }: Endpoint): ClientOptions {
  const local = /^(?:unix|npipe):\/\/(.+)$/.exec(address)?.[1];
  // Without a host the client takes the one of DOCKER_HOST, and ignores the socket.
  if (local !== undefined) return { host: "", protocol: "http", socketPath: local };
  const ssh = sshArguments(address);
  if (ssh) return { host: "localhost", protocol: "http", agent: new SshAgent(ssh) };
  const { protocol, hostname, port } = new URL(address);
  const secure = tls !== undefined || protocol === "https:";
  const target = {
    protocol: secure ? "https" : "http",
    host: hostname,
    port: port || (secure ? "2376" : "2375"),
  } as const;
  return tls ? { ...target, agent: new HttpsAgent({ keepAlive: true, ...tlsOptions(tls) }) } : target;
}

/** Below the ten logins at a time from which on sshd refuses some: MaxStartups in sshd_config(5). */
const sshConnections = 8;

/** Keeps the connections through ssh, as each costs a login. */
class SshAgent extends HttpAgent {
  constructor(private readonly args: readonly string[]) {
    super({ keepAlive: true, maxSockets: sshConnections });
  }

  override createConnection(): SshConnection {
    return new SshConnection(this.args);
  }
}
