import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createPlainServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createServer as createSecureServer } from "node:tls";
import type { Pair } from "./authority";
import { tapped } from "./tap";

export type Handle = (request: IncomingMessage, response: ServerResponse) => void;

const kept = 1_048_576; // bytes of all that arrived

/** A server on the ports 80 and 443 of one address. It keeps all received bytes, decrypted. */
export class Upstream {
  /** The bytes of all connections since `clear`. */
  private chunks: Buffer[] = [];
  private length = 0;
  /** Connections since `clear`, whether or not a byte came. */
  connections = 0;
  /** The SNI of each connection since `clear`. */
  names: (string | false | null)[] = [];
  handle: Handle = echo;
  onUpgrade: (request: IncomingMessage, socket: Duplex) => void = (_request, socket) => socket.destroy();
  /** Serves connections in place of HTTP, if set. */
  serve: ((socket: Socket) => void) | undefined;
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly http = createHttpServer({ keepAliveTimeout: 0 }, (request, response) =>
    this.handle(request, response),
  );

  constructor(readonly address: string) {
    this.http.on("upgrade", (request, socket, first) => {
      socket.unshift(first);
      this.onUpgrade(request, socket);
    });
    this.http.on("clientError", (_error, socket) => socket.destroy());
  }

  async start(pair: Pair): Promise<void> {
    const plain = createPlainServer((socket) => this.take(socket));
    const secure = createSecureServer({ cert: pair.certificate, key: pair.key, ALPNProtocols: ["http/1.1"] });
    secure.on("secureConnection", (socket) => {
      this.names.push(socket.servername);
      this.take(socket);
    });
    secure.on("connection", (socket: Socket) => this.note(socket));
    this.servers.push(plain.listen(80, this.address), secure.listen(443, this.address));
    await Promise.all(this.servers.map((server) => once(server, "listening")));
  }

  get received(): string {
    return Buffer.concat(this.chunks).toString("latin1");
  }

  clear(): void {
    this.chunks = [];
    this.length = 0;
    this.connections = 0;
    this.names = [];
    this.handle = echo;
    this.serve = undefined;
  }

  /** Closes the idle connections of clients. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  stop(): void {
    for (const server of this.servers) server.close();
    this.cut();
  }

  private note(socket: Socket): void {
    this.connections++;
    this.sockets.add(socket);
    socket.on("error", () => undefined).once("close", () => this.sockets.delete(socket));
  }

  private take(socket: Socket): void {
    if (!("encrypted" in socket)) this.note(socket);
    socket.on("error", () => undefined);
    if (this.serve) {
      this.serve(socket);
      return;
    }
    const tap = tapped(socket, (chunk) => {
      if (this.length < kept) this.chunks.push(Buffer.from(chunk));
      this.length += chunk.length;
    });
    this.http.emit("connection", tap);
  }
}

/** Responds with the request, as JSON. */
function echo(request: IncomingMessage, response: ServerResponse): void {
  let body = "";
  request.setEncoding("latin1").on("data", (chunk: string) => {
    body += chunk;
  });
  request.on("end", () => {
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }));
  });
}
