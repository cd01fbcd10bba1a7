import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type Entry, newEntry } from "./audit/audit";
import { malformed, ProxyError } from "./checks/proxy-error";
import { Client, type Pin } from "./exchange/client";
import type { Enforcement } from "./exchange/enforcement";
import { answer, answerRaw } from "./exchange/error-responses";
import { forward } from "./exchange/forward";
import { judgeRequest, judgeTunnel } from "./exchange/route";
import { forwardUpgrade } from "./exchange/websocket";
import { judgeUpgrade } from "./exchange/websocket-handshake";
import { httpServer } from "./inbound/http-server";
import { TlsGates } from "./inbound/tls-terminator";

/** Where a connection came in. */
export type Door = "proxy" | "http" | "https";

/** Enforces one policy on the connections that are handed to it. Another policy takes another gateway. */
export class Gateway {
  private readonly server: Server;
  private readonly gates: TlsGates;
  private readonly clients = new WeakMap<Socket, Client>();
  private readonly connections = new Set<Socket>();
  private readonly tunnels = new Set<Socket>();

  constructor(private readonly enforcement: Enforcement) {
    this.server = httpServer(enforcement.limits, {
      request: (request, response) => this.onRequest(request, response),
      connect: (request, socket, first) => this.onConnect(request, socket, first),
      upgrade: (request, socket, first) => this.onUpgrade(request, socket, first),
      broken: (refused, socket) => this.refuse(newEntry(this.clients.get(socket)?.pin.via), socket, refused),
    });
    this.gates = new TlsGates(enforcement, (socket, via, host) =>
      this.converse(socket, { via, speaks: "https", host }),
    );
  }

  accept(door: Door, socket: Socket): void {
    this.connections.add(socket);
    socket.once("close", () => this.connections.delete(socket));
    if (door === "https") this.gates.open(socket);
    else if (door === "http") this.converse(socket, { via: "transparent", speaks: "http" });
    else this.converse(socket, { via: "proxy", speaks: "proxy" });
  }

  /** Cuts everything: what the old policy allowed, the new one need not. */
  close(): void {
    for (const socket of this.connections) socket.destroy();
    this.enforcement.upstreams.close();
  }

  private converse(socket: Socket, pin: Pin): void {
    socket.on("error", () => undefined); // the client is gone; what hangs on it learns that from its close
    const onCut = (refused: ProxyError) => this.enforcement.audit.refused(newEntry(pin.via), refused);
    this.clients.set(socket, new Client(socket, pin, this.enforcement, onCut));
    this.server.emit("connection", socket);
  }

  private onRequest(request: IncomingMessage, response: ServerResponse): void {
    const client = this.clients.get(request.socket);
    if (client === undefined) request.socket.destroy();
    else client.take(request, () => this.serve(client.pin, request, response));
  }

  private async serve(pin: Pin, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    if (request.socket.destroyed) return false; // it waited for its turn in vain
    const entry = newEntry(pin.via, request);
    const { audit, policy } = this.enforcement;
    try {
      const route = judgeRequest(this.enforcement, pin, request, entry);
      await forward(this.enforcement, route, request, response, entry);
      audit.decided(entry);
    } catch (error) {
      audit.refused(entry, error);
      if (error instanceof ProxyError && !response.headersSent) answer(request, response, error, policy.sandbox);
      else request.socket.destroy();
    }
    return response.shouldKeepAlive;
  }

  private onConnect(request: IncomingMessage, socket: Socket, first: Buffer): void {
    const client = this.clients.get(socket);
    const entry = newEntry(client?.pin.via, request);
    try {
      const place = judgeTunnel(this.enforcement, freed(client), request, entry);
      this.enterTunnel(socket);
      socket.setTimeout(0); // whoever speaks in the tunnel has a time of its own
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      socket.unshift(first);
      entry.status = 200;
      this.enforcement.audit.decided(entry);
      if (place.port === 443) this.gates.open(socket, place.host);
      else this.converse(socket, { via: "proxy", speaks: "http", host: place.host });
    } catch (error) {
      this.refuse(entry, socket, error);
    }
  }

  private onUpgrade(request: IncomingMessage, socket: Socket, first: Buffer): void {
    const client = this.clients.get(socket);
    const entry = newEntry(client?.pin.via, request);
    this.openWebSocket(client, request, socket, first, entry).catch((error: unknown) => {
      this.refuse(entry, socket, error);
    });
  }

  private async openWebSocket(
    client: Client | undefined,
    request: IncomingMessage,
    socket: Socket,
    first: Buffer,
    entry: Entry,
  ): Promise<void> {
    const pin = freed(client);
    const route = judgeRequest(this.enforcement, pin, request, entry);
    judgeUpgrade(request);
    if (pin.via === "transparent" || pin.speaks === "proxy") this.enterTunnel(socket); // else it is in one already
    await forwardUpgrade(this.enforcement, route, request, socket, first, entry);
    this.enforcement.audit.decided(entry);
  }

  /** @throws Refused */
  private enterTunnel(socket: Socket): void {
    if (this.tunnels.size >= this.enforcement.limits.tunnels) throw new ProxyError(503, "too many tunnels at a time");
    this.tunnels.add(socket);
    socket.once("close", () => this.tunnels.delete(socket));
  }

  private refuse(entry: Entry, socket: Socket, error: unknown): void {
    const client = this.clients.get(socket);
    client?.release();
    this.enforcement.audit.refused(entry, error);
    // Not into the middle of another answer.
    if (error instanceof ProxyError && !client?.isBusy) answerRaw(socket, error, this.enforcement.policy.sandbox);
    else socket.destroy();
  }
}

/** The pin of a connection that becomes something else than HTTP. @throws Refused */
function freed(client: Client | undefined): Pin {
  if (client === undefined || client.isBusy) throw malformed("a change of protocol while an answer is under way");
  client.release();
  return client.pin;
}
