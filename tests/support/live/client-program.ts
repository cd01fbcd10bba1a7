import { connect, type Socket } from "node:net";
import { connect as connectSecure } from "node:tls";

/**
 * A client program in a sandbox that sends exact bytes: `node client.js '<steps as JSON>'`. Prints the received bytes, and how
 * the connection ended.
 */

export type Step =
  | { connect: [host: string, port: number] }
  | { write: string }
  | { until: string }
  /** TLS with this SNI, or without one, for any certificate. */
  | { secure: string; protocols?: string[] }
  | { rest: number };

const connectMs = 5000; // before a connection counts as failed
const responseMs = 20_000; // for the expected bytes, on a busy machine too

class Conversation {
  private socket: Socket | undefined;
  said = "";
  /** `open`, `closed`, or the code of what ended it. */
  end = "open";

  async take(step: Step): Promise<void> {
    if ("connect" in step) await this.connect(...step.connect);
    else if ("write" in step) this.socket?.write(Buffer.from(step.write, "latin1"));
    else if ("until" in step) await this.wait(() => this.said.includes(step.until), responseMs);
    else if ("rest" in step) await this.wait(() => false, step.rest);
    else await this.secure(step.secure, step.protocols);
  }

  private async connect(host: string, port: number): Promise<void> {
    const socket = connect({ host, port });
    this.record(socket);
    await this.wait(() => !socket.connecting, connectMs);
    if (socket.connecting) this.end = "no response";
  }

  private async secure(servername: string, ALPNProtocols = ["http/1.1"]): Promise<void> {
    const { socket } = this;
    if (!socket) return;
    socket.removeAllListeners("data");
    const inner = connectSecure({
      socket,
      ...(servername && { servername }),
      ALPNProtocols,
      rejectUnauthorized: false,
    });
    let isSecure = false;
    inner.once("secureConnect", () => {
      isSecure = true;
    });
    this.record(inner);
    await this.wait(() => isSecure, responseMs);
  }

  private record(socket: Socket): void {
    this.socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.said += chunk.toString("latin1");
    });
    socket.on("error", (error: NodeJS.ErrnoException) => this.over(socket, error.code ?? error.message));
    socket.on("close", () => this.over(socket, "closed"));
  }

  private over(socket: Socket, end: string): void {
    if (socket === this.socket && this.end === "open") this.end = end;
  }

  private async wait(isDone: () => boolean, ms: number): Promise<void> {
    for (const last = Date.now() + ms; !isDone() && this.end === "open" && Date.now() < last; )
      await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function main(steps: Step[]): Promise<void> {
  const conversation = new Conversation();
  for (const step of steps) if (conversation.end === "open") await conversation.take(step);
  const { said, end } = conversation;
  process.stdout.write(JSON.stringify({ said, end }), () => process.exit(0));
}

void main(JSON.parse(process.argv[2] ?? "[]"));
