import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

export interface HttpServer {
  port: number;
  stop(): Promise<void>;
}

/**
 * Listens on 127.0.0.1 only.
 * @param port 0 for any free port
 * @throws Error with a code such as `EADDRINUSE`
 */
export async function startHttpServer(port: number, listener: RequestListener): Promise<HttpServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    port: isAddressInfo(address) ? address.port : port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve()); // its only error is that the server was stopped before
        server.closeAllConnections();
      }),
  };
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}
