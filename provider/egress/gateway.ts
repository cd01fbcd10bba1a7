import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type AuditEntry, newEntry } from "./audit/audit-entry";
import { authorizeRequest, authorizeTunnel } from "./authorization/authorize-request";
import type { ConnectionScope } from "./authorization/connection-scope";
import type { PolicyEnforcement } from "./authorization/policy-enforcement";
import { ProxyError } from "./checks/proxy-error";
import { forwardRequest } from "./forwarding/forward-request";
import { ClientConnection } from "./inbound/client-connection";
import { sendError, sendRawError } from "./inbound/error-responses";
import { httpServer } from "./inbound/http-server";
import { TlsTerminator } from "./inbound/tls-terminator";
import { forwardUpgrade } from "./websocket/forward-upgrade";
import { validateUpgrade } from "./websocket/handshake";

/** The listener that accepted a connection. */
export type Listener = "proxy" | "http" | "https";

/** Enforces one policy on the connections that it gets. Another policy needs another gateway. */
export class Gateway {
  private readonly server: Server;
  private readonly tlsTerminator: TlsTerminator;
  private readonly clients = new WeakMap<Socket, ClientConnection>();
  private readonly connections = new Set<Socket>();
  private readonly tunnels = new Set<Socket>();

  constructor(private readonly enforcement: PolicyEnforcement) {
    this.server = httpServer(enforcement.limits, {
      request: (request, response) => this.onRequest(request, response),
      connect: (request, socket, first) => this.onConnect(request, socket, first),
      upgrade: (request, socket, first) => this.onUpgrade(request, socket, first),
      invalid: (error, socket) => this.reject(newEntry(this.clients.get(socket)?.scope.via), socket, error),
    });
    this.tlsTerminator = new TlsTerminator(enforcement, (socket, via, host) =>
      this.serveHttp(socket, { via, protocol: "https", host }),
    );
  }

  accept(listener: Listener, socket: Socket): void {
    this.connections.add(socket);
    socket.once("close", () => this.connections.delete(socket));
    if (listener === "https") this.tlsTerminator.terminate(socket);
    else if (listener === "http") this.serveHttp(socket, { via: "transparent", protocol: "http" });
    else this.serveHttp(socket, { via: "proxy", protocol: "proxy" });
  }

  /** Closes all connections, as the new policy need not allow what the old one did. */
  close(): void {
    for (const socket of this.connections) socket.destroy();
    this.enforcement.upstreams.close();
  }

  private serveHttp(socket: Socket, scope: ConnectionScope): void {
    socket.on("error", () => undefined); // the client is gone, which its requests learn from `close`
    const onRejected = (error: ProxyError) => this.enforcement.audit.failed(newEntry(scope.via), error);
    this.clients.set(socket, new ClientConnection(socket, scope, this.enforcement, onRejected));
    this.server.emit("connection", socket);
  }

  private onRequest(request: IncomingMessage, response: ServerResponse): void {
    const client = this.clients.get(request.socket);
    if (client === undefined) request.socket.destroy();
    else client.enqueue(request, () => this.handleRequest(client.scope, request, response));
  }

  private async handleRequest(
    scope: ConnectionScope,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<boolean> {
    if (request.socket.destroyed) return false; // the client left while this request waited for its turn
    const entry = newEntry(scope.via, request);
    const { audit, policy } = this.enforcement;
    try {
      const route = authorizeRequest(this.enforcement, scope, request, entry);
      await forwardRequest(this.enforcement, route, request, response, entry);
      audit.finished(entry);
    } catch (error) {
      audit.failed(entry, error);
      if (error instanceof ProxyError && !response.headersSent) sendError(request, response, error, policy.sandbox);
      else request.socket.destroy();
    }
    return response.shouldKeepAlive;
  }

  private onConnect(request: IncomingMessage, socket: Socket, first: Buffer): void {
    const client = this.clients.get(socket);
    const entry = newEntry(client?.scope.via, request);
    try {
      const { host, port } = authorizeTunnel(this.enforcement, endOfHttp(client), request, entry);
      this.countTunnel(socket);
      socket.setTimeout(0); // what runs in the tunnel has a timeout of its own
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      socket.unshift(first);
      entry.status = 200;
      this.enforcement.audit.finished(entry);
      if (port === 443) this.tlsTerminator.terminate(socket, host);
      else this.serveHttp(socket, { via: "proxy", protocol: "http", host });
    } catch (error) {
      this.reject(entry, socket, error);
    }
  }

  private onUpgrade(request: IncomingMessage, socket: Socket, first: Buffer): void {
    const client = this.clients.get(socket);
    const entry = newEntry(client?.scope.via, request);
    this.openWebSocket(client, request, socket, first, entry).catch((error: unknown) => {
      this.reject(entry, socket, error);
    });
  }

  private async openWebSocket(
    client: ClientConnection | undefined,
    request: IncomingMessage,
    socket: Socket,
    first: Buffer,
    entry: AuditEntry,
  ): Promise<void> {
    const scope = endOfHttp(client);
    const route = authorizeRequest(this.enforcement, scope, request, entry);
    validateUpgrade(request);
    if (scope.via === "transparent" || scope.protocol === "proxy") this.countTunnel(socket); // else it is in one already
    await forwardUpgrade(this.enforcement, route, request, socket, first, entry);
    this.enforcement.audit.finished(entry);
  }

  /** @throws ProxyError */
  private countTunnel(socket: Socket): void {
    const { tunnels } = this.enforcement.limits;
    if (this.tunnels.size >= tunnels) throw new ProxyError("OC6031", `more than ${tunnels} tunnels are open`);
    this.tunnels.add(socket);
    socket.once("close", () => this.tunnels.delete(socket));
  }

  private reject(entry: AuditEntry, socket: Socket, error: unknown): void {
    const client = this.clients.get(socket);
    client?.release();
    this.enforcement.audit.failed(entry, error);
    // Not into the middle of another response.
    if (error instanceof ProxyError && !client?.isBusy) sendRawError(socket, error, this.enforcement.policy.sandbox);
    else socket.destroy();
  }
}

/** @returns the scope of a connection on which a tunnel or a WebSocket replaces HTTP. @throws ProxyError */
function endOfHttp(client: ClientConnection | undefined): ConnectionScope {
  if (client === undefined || client.isBusy)
    throw new ProxyError("OC6024", "the request changes the protocol while a response is under way");
  client.release();
  return client.scope;
}
