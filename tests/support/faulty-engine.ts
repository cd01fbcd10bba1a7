import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

/**
 * What goes wrong with a request: an answer in the engine's place, a connection cut when its work is done, or a delay,
 * before the work or after it. What a client that goes meanwhile has asked for is done all the same.
 */
export type Fault =
  | { status: number; message: string }
  | "cut after the work"
  | { delayMs: number; afterWork: boolean };

/** The real engine, behind a socket on which chosen requests fail. */
export class FaultyEngine {
  private readonly folder = mkdtempSync(join(tmpdir(), "openai-containers-engine-"));
  private readonly socket = join(this.folder, "engine.sock");
  readonly host = `unix://${this.socket}`;
  /** Decides by method and path, version left out: `POST /containers/cntr_…/start`. */
  fault: (request: string) => Fault | undefined = () => undefined;
  private readonly server = createServer((incoming, answer) => this.serve(incoming, answer));

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

  private serve(incoming: IncomingMessage, answer: ServerResponse): void {
    const { method = "", url = "", headers } = incoming;
    const fault = this.fault(`${method} ${url.replace(/^\/v[\d.]+/, "")}`);
    if (typeof fault === "object" && "status" in fault) {
      incoming.resume();
      answer.writeHead(fault.status, { "content-type": "application/json" });
      answer.end(JSON.stringify({ message: fault.message }));
      return;
    }
    const { delayMs = 0, afterWork = false } = typeof fault === "object" ? fault : {};
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
    if (delayMs === 0 || afterWork) incoming.pipe(send());
    else buffer(incoming).then((body) => setTimeout(() => send().end(body), delayMs)); // its client may be gone by then
  }
}

/** An engine that says hello, and that it is of a certain version. */
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
