import { constants } from "node:crypto";
import type { Socket } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import { newEntry } from "../audit/audit";
import { lowerCase } from "../checks/domain-names";
import { codeOf } from "../checks/error-code";
import { printable } from "../checks/printable";
import { ProxyError } from "../checks/proxy-error";
import type { Enforcement } from "../exchange/enforcement";

/** Takes a connection whose TLS is ended here, with the name that it asked for. */
type Admit = (socket: TLSSocket, via: "proxy" | "transparent", host: string) => void;

/**
 * Ends TLS. A gate lets in connections that ask for its one name (a CONNECT tunnel's), or, with none given, for any name
 * that is allowed. There is one for each name, made when it is first needed.
 */
export class TlsGates {
  private readonly gates = new Map<string | undefined, Server>();

  constructor(
    private readonly enforcement: Enforcement,
    private readonly admit: Admit,
  ) {}

  /** Begins the handshake on a connection. */
  open(socket: Socket, only?: string): void {
    const gate = this.gates.get(only) ?? this.make(only);
    this.gates.set(only, gate);
    gate.emit("connection", socket);
  }

  private make(only: string | undefined): Server {
    const { policy, limits } = this.enforcement;
    const via = only === undefined ? "transparent" : "proxy";
    const gate = createServer({
      cert: policy.tls.certificate,
      key: policy.tls.key,
      minVersion: "TLSv1.2",
      // A client that offers protocols, and not this one, gets the alert no_application_protocol (RFC 7301, section 3.2).
      ALPNProtocols: ["http/1.1"],
      handshakeTimeout: limits.headMs,
      // Each handshake is a whole one, as a resumed session of TLS 1.2 does not tell which name was asked for.
      secureOptions: constants.SSL_OP_NO_TICKET,
    });
    gate.on("secureConnection", (socket) => {
      try {
        this.admit(socket, via, this.judge(socket.servername, only));
      } catch (error) {
        this.reject(socket, via, only, error);
      }
    });
    gate.on("tlsClientError", (error, socket) => {
      this.reject(socket, via, only, new ProxyError(400, mistakeIn(error)));
    });
    return gate;
  }

  private reject(socket: TLSSocket, via: "proxy" | "transparent", only: string | undefined, error: unknown): void {
    socket.on("error", () => undefined).destroy();
    const entry = newEntry(via);
    entry.domain = socket.servername || only || "";
    entry.port = 443;
    this.enforcement.audit.refused(entry, error);
  }

  /** RFC 6066, section 3: a DNS name, without a dot at the end. An address or nothing is no name that is allowed. */
  private judge(servername: string | false | null, only: string | undefined): string {
    if (!servername) throw new ProxyError(403, "a TLS handshake without a server name (SNI)");
    const name = lowerCase(servername);
    if (only !== undefined && name !== only) {
      throw new ProxyError(421, `the server name (SNI) "${printable(name)}" in a tunnel to ${only}`);
    }
    if (!this.enforcement.allows(name)) throw this.enforcement.notListed(name);
    return name;
  }
}

function mistakeIn(error: Error): string {
  const code = codeOf(error);
  if (code === "ERR_SSL_NO_APPLICATION_PROTOCOL") return "the client does not offer HTTP/1.1, the only protocol here";
  if (/UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN/.test(code)) {
    return `the client does not trust the sandbox's certificate authority (${code})`;
  }
  return `the TLS handshake failed (${code})`;
}
