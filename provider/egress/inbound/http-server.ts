import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type Limits, longestHead, mostHeaders } from "../checks/limits";
import { ProxyError } from "../checks/proxy-error";

/** Called for each request of an HTTP connection, by its kind. */
export interface Handlers {
  request(request: IncomingMessage, response: ServerResponse): void;
  /** CONNECT: HTTP ends on this connection. `first` are the bytes behind the head. */
  connect(request: IncomingMessage, socket: Socket, first: Buffer): void;
  /** As for CONNECT. */
  upgrade(request: IncomingMessage, socket: Socket, first: Buffer): void;
  /** A request that the parser rejected. */
  invalid(error: ProxyError, socket: Socket): void;
}

/** Node's parser, as strict as it can be. The server never listens: it gets accepted connections. */
export function httpServer({ idleMs }: Limits, handlers: Handlers): Server {
  const server = createServer({
    insecureHTTPParser: false,
    maxHeaderSize: longestHead,
    requireHostHeader: false, // validated with the rest, and with a reason
    joinDuplicateHeaders: false,
    noDelay: true,
    // Only listening servers enforce these: client-connection.ts does it here.
    headersTimeout: 0,
    requestTimeout: 0,
    keepAliveTimeout: 0,
  });
  server.maxHeadersCount = mostHeaders + 1; // Node drops the rest silently: validateHead rejects one too many
  server.timeout = idleMs + 5000; // later than the upstream's side, which can still report it
  server.on("request", handlers.request);
  server.on("checkContinue", handlers.request);
  server.on("checkExpectation", handlers.request);
  server.on("connect", handlers.connect);
  server.on("upgrade", handlers.upgrade);
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    const code = error.code ?? "";
    if (code === "HPE_HEADER_OVERFLOW")
      handlers.invalid(new ProxyError("OC6017", "the request head is larger than 32 KiB"), socket);
    else if (code.startsWith("HPE_"))
      handlers.invalid(new ProxyError("OC6010", `the request is not valid HTTP/1.1 (${code})`), socket);
    else socket.destroy(); // the client is gone
  });
  return server;
}
