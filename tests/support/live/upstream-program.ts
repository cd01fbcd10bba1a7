import { createHash } from "node:crypto";
import { createSocket } from "node:dgram";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createPlainServer, type Socket } from "node:net";
import { join, normalize } from "node:path";
import type { Duplex } from "node:stream";
import { createServer as createSecureServer, type TLSSocket } from "node:tls";
import { tapped } from "../egress/tap";
import { flood, reflect, reflectFrame, spoil } from "./raw-responses";

/**
 * The program of an upstream's container: a server on the ports 80 and 443 which prints all received bytes, decrypted, as
 * lines of JSON. It needs nothing but Node's core.
 */

const folder = "/srv";
const keptOfOne = 65_536; // bytes of a connection that are printed

function print(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

/** Echoes the request as JSON. */
async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }));
}

async function count(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let length = 0;
  for await (const chunk of request) length += chunk.length;
  response.end(String(length));
}

function big(bytes: number, response: ServerResponse): void {
  const piece = Buffer.alloc(65_536, "x");
  let left = bytes;
  response.setHeader("Content-Length", bytes);
  const more = () => {
    while (left > 0) {
      const next = piece.subarray(0, Math.min(left, piece.length));
      left -= next.length;
      if (!response.write(next)) return void response.once("drain", more);
    }
    response.end();
  };
  more();
}

function file(path: string, response: ServerResponse): void {
  const found = join(folder, normalize(path.endsWith("/") ? `${path}index.html` : path));
  try {
    if (!statSync(found).isFile()) throw new Error("a folder");
    response.setHeader("Content-Length", statSync(found).size);
    if (found.endsWith(".html")) response.setHeader("Content-Type", "text/html");
    createReadStream(found).pipe(response);
  } catch {
    response.writeHead(404).end();
  }
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://upstream");
  const { pathname, searchParams } = url;
  if (pathname.startsWith("/files/")) return file(pathname, response);
  if (pathname === "/big") return big(Number(searchParams.get("bytes")), response);
  if (pathname === "/count") return count(request, response);
  if (pathname === "/to") return void response.writeHead(302, { Location: searchParams.get("url") ?? "" }).end();
  if (pathname === "/held") return; // never responds
  if (pathname === "/guess") return reflect(url, response);
  if (pathname === "/interim") return flood(url, request.socket);
  if (pathname === "/spoiled") return spoil(url, request.socket);
  return echo(request, response);
}

/** RFC 6455, as far as short text frames go: each comes back. Guesses come back in a longer one. */
function echoFrames(request: IncomingMessage, socket: Duplex): void {
  const accept = createHash("sha1")
    .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  const url = new URL(request.url ?? "/", "http://upstream");
  if (url.pathname === "/guess") return void reflectFrame(url, socket);
  let held = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 6) {
      const length = held.readUInt8(1) & 0x7f;
      if (held.length < 6 + length) return;
      const payload = held.subarray(6, 6 + length).map((byte, at) => byte ^ held.readUInt8(2 + (at % 4)));
      socket.write(Buffer.concat([Buffer.from([held.readUInt8(0), length]), payload]));
      if ((held.readUInt8(0) & 0x0f) === 8) return void socket.end();
      held = held.subarray(6 + length);
    }
  });
}

let connections = 0;

function serveHttp(socket: Socket | TLSSocket): void {
  const connection = ++connections;
  const servername = "servername" in socket ? socket.servername : undefined;
  print({ connection, secure: "encrypted" in socket, servername });
  let kept = 0;
  const tap = tapped(socket, (chunk) => {
    if (kept < keptOfOne) print({ connection, data: chunk.toString("latin1").slice(0, keptOfOne - kept) });
    kept += chunk.length;
  });
  http.emit("connection", tap);
}

const http = createHttpServer((request, response) => {
  respond(request, response).catch(() => response.destroy()); // a client that leaves half-way
});
http.on("upgrade", (request, socket, first) => {
  socket.unshift(first);
  echoFrames(request, socket);
});
http.on("clientError", (_error, socket) => socket.destroy());

const tls = { cert: readFileSync(`${folder}/tls.pem`), key: readFileSync(`${folder}/tls.key`) };
const plain = createPlainServer(serveHttp);
const secure = createSecureServer({ ...tls, ALPNProtocols: ["http/1.1"] });
secure.on("connection", () => print({ handshake: true }));
secure.on("secureConnection", serveHttp);
secure.on("tlsClientError", (_error, socket) => socket.destroy());
// Asks for a line after all that has arrived. libuv runs a poll's signals last ("Run signal watchers last", its
// src/unix/linux.c); one more poll reads from the connections that this one accepted.
process.on("SIGUSR2", () => setImmediate(() => setImmediate(() => print({ event: "drained" }))));
createSocket("udp4")
  .on("message", (message) => print({ datagram: true, data: message.toString("latin1") }))
  .bind(80);
plain.listen(80, () => secure.listen(443, () => print({ event: "ready" })));
