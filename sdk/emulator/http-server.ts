import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

export interface HttpServer {
  port: number;
  stop(): Promise<void>;
}

/**
 * Listens on 127.0.0.1 alone.
 * @param port 0 for any free one
 * @throws Error with the code `EADDRINUSE` and the like
 */
export async function startHttpServer(port: number, serve: Serve): Promise<HttpServer> {
  const server = createServer(serve);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    port: isAddressInfo(address) ? address.port : port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve()); // its error would say that it was stopped already
        server.closeAllConnections();
      }),
  };
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}
