import { once } from "node:events";
import { request as open } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect, createSecureContext, type SecureContext, type TLSSocket } from "node:tls";

/** How the client comes to the upstream. */
export interface Way {
  /** The port of a proxy on 127.0.0.1. Without one the client dials the upstream itself. */
  readonly proxy?: number;
  readonly address: string;
  readonly name: string;
  /** The value of `Authorization`. */
  readonly credentials: string;
  /** Whom it trusts: one certificate, as PEM. */
  readonly authority: string;
}

export type Created = (error: Error | null, socket?: Duplex) => void;

/** Made once for each CA certificate: to read certificates anew would take longer than a handshake. */
const contexts = new Map<string, SecureContext>();

/** A connection with its TLS. Each handshake is a whole one, as for a client that has just been started. */
export async function connected({ proxy, address, name, authority }: Way): Promise<TLSSocket> {
  const secureContext = contexts.get(authority) ?? createSecureContext({ ca: authority });
  contexts.set(authority, secureContext);
  const to = proxy === undefined ? { host: address, port: 443 } : { socket: await tunnel(proxy, `${name}:443`) };
  const socket = connect({ ...to, servername: name, secureContext, ALPNProtocols: ["http/1.1"] });
  socket.setNoDelay(true);
  await once(socket, "secureConnect");
  return socket;
}

function tunnel(port: number, authority: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const headers = { Host: authority };
    const asking = open({ host: "127.0.0.1", port, method: "CONNECT", path: authority, headers, agent: false });
    asking.once("connect", ({ statusCode }, socket) => {
      socket.setNoDelay(true);
      if (statusCode === 200) resolve(socket);
      else reject(new Error(`the proxy responds ${statusCode} to CONNECT`));
    });
    asking.once("error", reject);
    asking.end();
  });
}
