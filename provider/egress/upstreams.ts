import { Agent, type ClientRequestArgs } from "node:http";
import type { Duplex } from "node:stream";
import type { Dialler } from "./dial";

const idleMs = 15_000; // for an upstream's connection that nobody uses
const mostIdle = 256; // to one host: as many as a sandbox has connections, so that none is made anew in between
const mostIdleInAll = 512; // a sandbox that goes through all of its domains must not keep a connection to each

type Created = (error: Error | null, socket?: Duplex) => void;

/** Connections to upstreams, kept alive for further requests to the same host. */
export class Upstreams {
  private readonly agents: readonly DiallingAgent[];

  constructor(dialler: Dialler) {
    const free = new Set<Duplex>();
    this.agents = [false, true].flatMap((isSecure) =>
      [false, true].map((keepAlive) => new DiallingAgent(dialler, free, isSecure, keepAlive)),
    );
  }

  /** @param keepAlive whether a kept connection will do, or a new one has to be made, which is closed afterwards */
  agent(secure: boolean, keepAlive = true): Agent {
    const found = this.agents.find((agent) => agent.isSecure === secure && agent.keepsAlive === keepAlive);
    if (found === undefined) throw new Error("no such agent");
    return found;
  }

  close(): void {
    for (const agent of this.agents) agent.destroy();
  }
}

class DiallingAgent extends Agent {
  constructor(
    private readonly dialler: Dialler,
    /** Connections that no request uses. */
    private readonly free: Set<Duplex>,
    readonly isSecure: boolean,
    readonly keepsAlive: boolean,
  ) {
    super({ keepAlive: keepsAlive, maxFreeSockets: mostIdle, timeout: idleMs });
  }

  /** Hands a socket over once it is connected and verified, which is what returning none means. */
  override createConnection({ host, port }: ClientRequestArgs, created: Created): undefined {
    this.dialler.dial(String(host), Number(port), this.isSecure).then(
      (socket) => {
        socket.once("close", () => this.free.delete(socket));
        created(null, socket);
      },
      (error: Error) => created(error),
    );
  }

  /** What arrives where nothing was asked belongs to an answer that was over, and would be taken for the next one. */
  override keepSocketAlive(socket: Duplex): boolean {
    if (this.free.size >= mostIdleInAll || socket.readableLength > 0) return false;
    const keeps: unknown = super.keepSocketAlive(socket); // by the upstream's own Keep-Alive, which the types do not tell
    if (keeps === false) return false;
    this.free.add(socket);
    socket.on("data", destroyIt);
    return true;
  }

  override reuseSocket(socket: Duplex, request: Parameters<Agent["reuseSocket"]>[1]): void {
    this.free.delete(socket);
    socket.removeListener("data", destroyIt);
    super.reuseSocket(socket, request);
  }
}

function destroyIt(this: Duplex): void {
  this.destroy();
}
