import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Duplex, pipeline } from "node:stream";
import { buffer } from "node:stream/consumers";

/**
 * The fault of a request: a response instead of the engine's, a connection that is cut once the request is processed,
 * a delay before or after the processing, another request body, or a body that nobody reads. A request is processed even if
 * its client has closed the connection meanwhile, unless a part of its body is missing then.
 */
export type Fault =
  | { status: number; message: string }
  | "cut after the work"
  | "body not read"
  | { delayMs: number; afterWork: boolean }
  | { rewrites: (body: string) => string };

/** A proxy to the real engine, on which chosen requests fail. */
export class FaultyEngine {
  private readonly folder = mkdtempSync(join(tmpdir(), "openai-containers-engine-"));
  private readonly socket = join(this.folder, "engine.sock");
  readonly host = `unix://${this.socket}`;
  /** Gets the method and the path without the version: `POST /containers/cntr_…/start`. */
  fault: (request: string) => Fault | undefined = () => undefined;
  /** Gets the same once the real engine has responded, and before its response is passed on. */
  processed: (request: string) => void = () => {};
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

  /** Cuts the connections of all clients. */
  cut(): void {
    this.server.closeAllConnections();
  }

  /** Requests that become a stream of bytes, such as `attach`. */
  private connect({ method = "", url = "", rawHeaders }: IncomingMessage, client: Duplex, first: Buffer): void {
    const engine = connect(this.realSocket);
    const fields = rawHeaders.map((text, index) => text + (index % 2 === 0 ? ": " : "\r\n"));
    engine.write(`${method} ${url} HTTP/1.1\r\n${fields.join("")}\r\n`);
    engine.write(first);
    const name = nameOf(method, url);
    const fault = this.fault(name);
    engine.once("data", () => this.processed(name));
    if (fault === "cut after the work") engine.once("data", () => client.destroy());
    pipeline(client, engine, client, () => undefined);
  }

  private serve(incoming: IncomingMessage, answer: ServerResponse): void {
    const { method = "", url = "", headers } = incoming;
    const name = nameOf(method, url);
    const fault = this.fault(name);
    if (typeof fault === "object" && "status" in fault) {
      incoming.resume();
      answer.writeHead(fault.status, { "content-type": "application/json" });
      answer.end(JSON.stringify({ message: fault.message }));
      return;
    }
    if (fault === "body not read") return;
    const { delayMs = 0, afterWork = false } = typeof fault === "object" && "delayMs" in fault ? fault : {};
    const send = (more = {}) => {
      const options = { socketPath: this.realSocket, method, path: url, headers: { ...headers, ...more } };
      const real = request(options, (response) => {
        this.processed(name);
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
        ).unref();
      });
      incoming.once("close", () => {
        if (!incoming.complete) real.destroy();
      });
      return real.on("error", () => incoming.socket.destroy());
    };
    if (typeof fault === "object" && "rewrites" in fault)
      buffer(incoming).then((body) => {
        const rewritten = fault.rewrites(String(body));
        send({ "content-length": Buffer.byteLength(rewritten) }).end(rewritten);
      });
    else if (delayMs === 0 || afterWork) incoming.pipe(send());
    else buffer(incoming).then((body) => setTimeout(() => send().end(body), delayMs).unref()); // its client may be gone by then
  }
}

/** A request's method and path, without the API's version. */
function nameOf(method: string, url: string): string {
  return `${method} ${url.replace(/^\/v[\d.]+/, "")}`;
}

/** An engine that reports this version of its API. */
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
