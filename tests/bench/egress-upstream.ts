import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { pipeline } from "node:stream";
import { body } from "./egress-body";
import { answer } from "./worker";

/** How the upstream is started. */
export interface Start {
  readonly address: string;
  readonly certificate: string;
  readonly key: string;
  /** The `Authorization` that every request has to arrive with. */
  readonly credentials: string;
}

export interface Count {
  readonly count: "connections";
}

const small = JSON.stringify({ text: "a".repeat(1000) });

let connections = 0;

/** Serves `/`, `/last`, behind which it closes, `/down?bytes=` and `/up`. */
async function start({ address, certificate, key, credentials }: Start): Promise<number> {
  const server = createServer({ cert: certificate, key, keepAliveTimeout: 0 });
  server.on("connection", () => connections++);
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "https://upstream");
    if (request.headers.authorization !== credentials) response.writeHead(401).end();
    else if (pathname === "/down") send(Number(searchParams.get("bytes")), response);
    else if (pathname === "/up") receive(request, response);
    else {
      if (pathname === "/last") response.setHeader("Connection", "close");
      response.writeHead(200, { "Content-Length": small.length }).end(small);
    }
  });
  server.listen(443, address);
  await once(server, "listening");
  return 443;
}

function send(bytes: number, response: ServerResponse): void {
  response.writeHead(200, { "Content-Length": bytes });
  pipeline(body(bytes), response, () => undefined);
}

/** It responds when all bytes are received. */
function receive(request: IncomingMessage, response: ServerResponse): void {
  request.once("end", () => response.writeHead(200, { "Content-Length": 0 }).end()).resume();
}

/** Starts it, or counts its connections. */
answer(async (message: Start | Count) => ("count" in message ? connections : start(message)));
