import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type Limits, longestHead, mostHeaders } from "../checks/limits";
import { malformed, ProxyError } from "../checks/proxy-error";

/** What can come out of a connection on which HTTP is spoken. */
export interface Handlers {
  request(request: IncomingMessage, response: ServerResponse): void;
  /** CONNECT: the connection is no longer HTTP's. `first` came right behind the head. */
  connect(request: IncomingMessage, socket: Socket, first: Buffer): void;
  /** As for CONNECT. */
  upgrade(request: IncomingMessage, socket: Socket, first: Buffer): void;
  /** Something that the parser refused. */
  broken(refused: ProxyError, socket: Socket): void;
}

/** Node's parser, as strict as it can be. The server never listens: connections are handed to it. */
export function httpServer({ idleMs }: Limits, handlers: Handlers): Server {
  const server = createServer({
    insecureHTTPParser: false,
    maxHeaderSize: longestHead,
    requireHostHeader: false, // judged with the rest, and with a reason
    joinDuplicateHeaders: false,
    noDelay: true,
    // These are kept by listening servers only: client.ts has them.
    headersTimeout: 0,
    requestTimeout: 0,
    keepAliveTimeout: 0,
  });
  server.maxHeadersCount = mostHeaders + 1; // Node drops the rest without a word: judgeHead refuses one too many
  server.timeout = idleMs + 5000; // later than the upstream's side, which can still say so
  server.on("request", handlers.request);
  server.on("checkContinue", handlers.request);
  server.on("checkExpectation", handlers.request);
  server.on("connect", handlers.connect);
  server.on("upgrade", handlers.upgrade);
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    const code = error.code ?? "";
    if (code === "HPE_HEADER_OVERFLOW") handlers.broken(new ProxyError(431, "a head of more than 32 KiB"), socket);
    else if (code.startsWith("HPE_")) handlers.broken(malformed(`what is not HTTP/1.1 (${code})`), socket);
    else socket.destroy(); // the client is gone
  });
  return server;
}
