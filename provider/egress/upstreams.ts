import { Agent, type ClientRequestArgs } from "node:http";
import type { Duplex } from "node:stream";
import type { Dialler } from "./dial";

const idleMs = 15_000; // for an upstream's connection that nobody uses
const mostIdle = 256; // to one host: as many as a sandbox has connections, so that none is made anew in between

type Created = (error: Error | null, socket?: Duplex) => void;

/** Connections to upstreams, kept alive for further requests to the same host. */
export class Upstreams {
  private readonly plain: Agent;
  private readonly secure: Agent;

  constructor(dialler: Dialler) {
    this.plain = new DiallingAgent(dialler, false);
    this.secure = new DiallingAgent(dialler, true);
  }

  agent(secure: boolean): Agent {
    return secure ? this.secure : this.plain;
  }

  close(): void {
    this.plain.destroy();
    this.secure.destroy();
  }
}

class DiallingAgent extends Agent {
  constructor(
    private readonly dialler: Dialler,
    private readonly isSecure: boolean,
  ) {
    super({ keepAlive: true, maxFreeSockets: mostIdle, timeout: idleMs });
  }

  /** Hands a socket over once it is connected and verified, which is what returning none means. */
  override createConnection({ host, port }: ClientRequestArgs, created: Created): undefined {
    this.dialler.dial(String(host), Number(port), this.isSecure).then(
      (socket) => created(null, socket),
      (error: Error) => created(error),
    );
  }
}
