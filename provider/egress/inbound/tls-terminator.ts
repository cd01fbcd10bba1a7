import { constants } from "node:crypto";
import type { Socket } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import { newEntry } from "../audit/audit-entry";
import type { PolicyEnforcement } from "../authorization/policy-enforcement";
import { lowerCase } from "../checks/domain-names";
import { codeOf } from "../checks/error-code";
import { printable } from "../checks/printable";
import { ProxyError } from "../checks/proxy-error";

/** Receives a connection after its handshake, with its SNI. */
type OnHandshake = (socket: TLSSocket, via: "proxy" | "transparent", host: string) => void;

/**
 * Terminates TLS. A server accepts the SNI of one name (a CONNECT tunnel's), or, without one, of any allowed name. There is one
 * server for each name, made when it is first needed.
 */
export class TlsTerminator {
  private readonly servers = new Map<string | undefined, Server>();

  constructor(
    private readonly enforcement: PolicyEnforcement,
    private readonly onHandshake: OnHandshake,
  ) {}

  /** Begins the handshake on a connection. */
  terminate(socket: Socket, only?: string): void {
    const server = this.servers.get(only) ?? this.newServer(only);
    this.servers.set(only, server);
    server.emit("connection", socket);
  }

  private newServer(only: string | undefined): Server {
    const { policy, limits } = this.enforcement;
    const via = only === undefined ? "transparent" : "proxy";
    const server = createServer({
      cert: policy.tls.certificate,
      key: policy.tls.key,
      minVersion: "TLSv1.2",
      // A client that offers protocols, and not this one, gets the alert no_application_protocol (RFC 7301, section 3.2).
      ALPNProtocols: ["http/1.1"],
      handshakeTimeout: limits.headMs,
      // No resumption, as a resumed session of TLS 1.2 has no SNI.
      secureOptions: constants.SSL_OP_NO_TICKET,
    });
    server.on("secureConnection", (socket) => {
      try {
        this.onHandshake(socket, via, this.authorizedName(socket.servername, only));
      } catch (error) {
        this.reject(socket, via, only, error);
      }
    });
    server.on("tlsClientError", (error, socket) => {
      this.reject(socket, via, only, handshakeFailure(error));
    });
    return server;
  }

  private reject(socket: TLSSocket, via: "proxy" | "transparent", only: string | undefined, error: unknown): void {
    socket.on("error", () => undefined).destroy();
    const entry = newEntry(via);
    entry.domain = socket.servername || only || "";
    entry.port = 443;
    this.enforcement.audit.failed(entry, error);
  }

  /** RFC 6066, section 3: a DNS name, without a dot at the end. An address or nothing is not an allowed name. */
  private authorizedName(servername: string | false | null, only: string | undefined): string {
    if (!servername) throw new ProxyError("OC6003", "the TLS handshake has no server name (SNI)");
    const name = lowerCase(servername);
    if (only !== undefined && name !== only) {
      throw new ProxyError("OC6004", `SNI mismatch: "${printable(name)}" in a tunnel to ${only}`);
    }
    if (!this.enforcement.allows(name)) throw this.enforcement.notListed(name);
    return name;
  }
}

function handshakeFailure(error: Error): ProxyError {
  const code = codeOf(error);
  if (code === "ERR_SSL_NO_APPLICATION_PROTOCOL")
    return new ProxyError("OC6020", "the client does not offer HTTP/1.1 (ALPN), which is the only protocol here");
  if (/UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN/.test(code))
    return new ProxyError("OC6021", `the client does not trust the sandbox's CA certificate (${code})`);
  return new ProxyError("OC6019", `the TLS handshake failed (${code})`);
}
