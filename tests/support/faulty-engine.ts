import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Duplex, pipeline } from "node:stream";
import { buffer } from "node:stream/consumers";

/**
 * The failure of a request: a response in the engine's place, a connection that is cut after the engine's work, a delay before
 * or after the work, or an option that the engine ignores. A request whose client has left meanwhile is still carried out.
 */
export type Fault =
  | { status: number; message: string }
  | "cut after the work"
  | { delayMs: number; afterWork: boolean }
  | { overlooks: string };

/** A proxy of the real engine, in which chosen requests fail. */
export class FaultyEngine {
  private readonly folder = mkdtempSync(join(tmpdir(), "openai-containers-engine-"));
  private readonly socket = join(this.folder, "engine.sock");
  readonly host = `unix://${this.socket}`;
  /** The failure of a request, by its method and its path without the version: `POST /containers/cntr_…/start`. */
  fault: (request: string) => Fault | undefined = () => undefined;
  private readonly server = createServer((incoming, answer) => this.serve(incoming, answer)).on(
    "upgrade",
    (incoming, client, first) => this.connect(incoming, client, first),
  );

  constructor(private readonly realSocket: string) {}

  start(): Promise<this> {
    this.server.unref(); // a test that fails must not keep the run alive
    return new Promise((resolve) => this.server.listen(this.socket, () => resolve(this)));
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Proxies a request that upgrades to a stream of bytes, such as a container's standard input. */
  private connect({ method = "", url = "", rawHeaders }: IncomingMessage, client: Duplex, first: Buffer): void {
    const engine = connect(this.realSocket);
    const fields = rawHeaders.map((text, index) => text + (index % 2 === 0 ? ": " : "\r\n"));
    engine.write(`${method} ${url} HTTP/1.1\r\n${fields.join("")}\r\n`);
    engine.write(first);
    const fault = this.fault(`${method} ${url.replace(/^\/v[\d.]+/, "")}`);
    if (fault === "cut after the work") engine.once("data", () => client.destroy());
    pipeline(client, engine, client, () => undefined);
  }

  private serve(incoming: IncomingMessage, answer: ServerResponse): void {
    const { method = "", url = "", headers } = incoming;
    const fault = this.fault(`${method} ${url.replace(/^\/v[\d.]+/, "")}`);
    if (typeof fault === "object" && "status" in fault) {
      incoming.resume();
      answer.writeHead(fault.status, { "content-type": "application/json" });
      answer.end(JSON.stringify({ message: fault.message }));
      return;
    }
    const { delayMs = 0, afterWork = false } = typeof fault === "object" && "delayMs" in fault ? fault : {};
    const send = () => {
      const real = request({ socketPath: this.realSocket, method, path: url, headers }, (response) => {
        if (fault === "cut after the work") {
          response.resume().on("end", () => incoming.socket.destroy());
          return;
        }
        setTimeout(
          () => {
            answer.writeHead(response.statusCode ?? 500, response.headers);
            response.pipe(answer);
          },
          afterWork ? delayMs : 0,
        );
      });
      return real.on("error", () => incoming.socket.destroy());
    };
    if (typeof fault === "object" && "overlooks" in fault)
      buffer(incoming).then((body) => send().end(without(fault.overlooks, String(body))));
    else if (delayMs === 0 || afterWork) incoming.pipe(send());
    else buffer(incoming).then((body) => setTimeout(() => send().end(body), delayMs)); // its client may have left by then
  }
}

/** A body in which an option has another name of the same length, which an engine ignores. */
function without(option: string, body: string): string {
  return body.replaceAll(`"${option}":`, `"${"x".repeat(option.length)}":`);
}

/** An engine that responds with its version to every request. */
export async function engineOfVersion(apiVersion: string): Promise<{ host: string; stop(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "openai-containers-engine-"));
  const socket = join(folder, "engine.sock");
  const server = createServer((_, answer) => answer.end(JSON.stringify({ ApiVersion: apiVersion })));
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    host: `unix://${socket}`,
    stop: () => {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
