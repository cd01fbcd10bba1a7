import { once } from "node:events";
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request as open } from "node:http";
import { connect, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectSecure, type TLSSocket } from "node:tls";
import type { Site } from "./site";

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Asking {
  method?: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer;
}

/** The ways for a client in a sandbox to reach a domain. */
export const ways = {
  "plain HTTP, by the proxy": (site: Site) => dial(site.gateway.ports.proxy),
  "plain HTTP, in a tunnel": (site: Site, host: string) => tunnel(site, `${host}:80`),
  "plain HTTP, without a proxy": (site: Site) => dial(site.gateway.ports.http),
  "TLS, by the proxy": async (site: Site, host: string) => secure(site, await tunnel(site, `${host}:443`), host),
  "TLS, without a proxy": async (site: Site, host: string) => secure(site, await dial(site.gateway.ports.https), host),
};
export type Way = keyof typeof ways;

/** One request, as Node's own client makes it. */
export async function ask(site: Site, way: Way, host: string, path = "/", asking: Asking = {}): Promise<Reply> {
  const socket = await ways[way](site, host);
  try {
    return await askOn(socket, host, way === "plain HTTP, by the proxy" ? `http://${host}${path}` : path, asking);
  } finally {
    socket.destroy();
  }
}

export function askOn(socket: Socket, host: string, path: string, { method = "GET", headers, body }: Asking = {}) {
  return new Promise<Reply>((resolve, reject) => {
    const options = { method, path, headers: { Host: host, ...headers }, createConnection: () => socket };
    const request = open(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("latin1");
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

export async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return socket.on("error", () => undefined);
}

/** The proxy's response to CONNECT, with the connection. */
export async function connectBy(
  site: Site,
  authority: string,
  more = "",
): Promise<{ socket: Socket; response: string }> {
  const socket = await dial(site.gateway.ports.proxy);
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${more}\r\n`, "latin1");
  const [chunk] = await Promise.race([once(socket, "data"), once(socket, "close").then(() => [""])]);
  return { socket, response: String(chunk) };
}

export async function tunnel(site: Site, authority: string): Promise<Socket> {
  const { socket, response } = await connectBy(site, authority);
  if (!response.startsWith("HTTP/1.1 200 ")) throw new Error(response || "closed without a response");
  return socket;
}

export async function secure(
  site: Site,
  socket: Socket,
  name: string,
  more: ConnectionOptions = {},
): Promise<TLSSocket> {
  const options = { ca: site.authority.certificate, ALPNProtocols: ["http/1.1"], ...more };
  const wrapped = connectSecure({ socket, servername: name, ...options });
  await once(wrapped, "secureConnect");
  return wrapped.on("error", () => undefined);
}

/** Sends bytes and waits until the other side closes. @returns the received bytes */
export async function say(socket: Socket, bytes: string): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.write(Buffer.from(bytes, "latin1"));
  let staysOpen = false;
  const timer = setTimeout(() => {
    staysOpen = true;
    socket.destroy();
  }, 5000);
  await new Promise((resolve) => socket.once("end", resolve).once("close", resolve));
  clearTimeout(timer);
  if (staysOpen) throw new Error(`the connection stays open, after ${JSON.stringify(String(Buffer.concat(chunks)))}`);
  socket.destroy();
  return Buffer.concat(chunks).toString("latin1");
}
