import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectSecure, type SecureContext, type TLSSocket } from "node:tls";
import type { MayDial } from "../checks/addresses";
import { codeOf } from "../checks/error-code";
import { ProxyError } from "../checks/proxy-error";
import { BadAnswer } from "./response-head";

const mostAddresses = 4; // tried one after the other

/**
 * Makes connections to upstreams. What comes out is connected to an address that was checked, and, if secure, to a peer
 * that proved the name: nothing can be written to it before.
 */
export class Dialler {
  private readonly resolver: Resolver;
  /** For resumption: from connections whose peer was verified, by name. */
  private readonly sessions = new Map<string, Buffer>();

  constructor(
    private readonly mayDial: MayDial,
    private readonly trust: SecureContext,
    private readonly patience: number,
    dnsServers: readonly string[],
  ) {
    this.resolver = new Resolver({ timeout: 2000, tries: 2 });
    if (dnsServers.length > 0) this.resolver.setServers(dnsServers);
  }

  /** @throws Refused */
  async dial(host: string, port: number, secure: boolean): Promise<Socket> {
    let failure = new ProxyError(502, `${host} has no address`, "failed");
    for (const address of await this.addresses(host)) {
      try {
        return await this.connect(host, address, port, secure);
      } catch (error) {
        failure = explained(error, host);
      }
    }
    throw failure;
  }

  /** Resolved for each new connection, and dialled as they are: what the name says a moment later does not matter. */
  private async addresses(host: string): Promise<string[]> {
    const all = await this.resolver.resolve4(host).catch((error: unknown) => {
      throw new ProxyError(502, `${host} cannot be resolved (${codeOf(error)})`, "failed");
    });
    const allowed = all.filter(this.mayDial);
    if (allowed.length > 0) return allowed.slice(0, mostAddresses);
    const reason = `${host} resolves to what must not be dialled`;
    // Code inside need not learn the addresses of what is not for it.
    throw new ProxyError(502, reason, "failed", `${reason} (${all.join(", ")})`);
  }

  private async connect(host: string, address: string, port: number, secure: boolean): Promise<Socket> {
    const socket = secure ? this.secure(host, address, port) : connectPlain({ host: address, port, noDelay: true });
    const timer = setTimeout(() => socket.destroy(timedOut()), this.patience);
    try {
      await once(socket, secure ? "secureConnect" : "connect");
      return socket;
    } finally {
      clearTimeout(timer);
    }
  }

  private secure(host: string, address: string, port: number): TLSSocket {
    const session = this.sessions.get(host);
    const socket = connectSecure({
      host: address,
      port,
      servername: host,
      secureContext: this.trust,
      rejectUnauthorized: true,
      minVersion: "TLSv1.2",
      ALPNProtocols: ["http/1.1"],
      ...(session === undefined ? {} : { session }),
    });
    socket.setNoDelay(true);
    socket.on("session", (fresh) => {
      if (socket.authorized) this.sessions.set(host, fresh);
    });
    return socket;
  }
}

function timedOut(): Error {
  return Object.assign(new Error("timed out"), { code: "ETIMEDOUT" });
}

/** What failed, in words of our own: an error's message may quote the other side. */
export function explained(error: unknown, host: string): ProxyError {
  if (error instanceof ProxyError) return error;
  const code = codeOf(error);
  if (code === "ETIMEDOUT") return new ProxyError(504, `${host} does not answer in time`, "failed");
  if (code === "ECONNREFUSED") return new ProxyError(502, `${host} refuses the connection`, "failed");
  if (/CERT|CRL|ISSUER|SELF_SIGNED|ALTNAME|VERIFY|INVALID_CA|PATH_LENGTH|PURPOSE/.test(code)) {
    return new ProxyError(502, `the certificate of ${host} is not trusted (${code})`, "failed");
  }
  if (error instanceof BadAnswer) return new ProxyError(502, `${host} ${error.message}`, "failed");
  if (code.startsWith("HPE_")) return new ProxyError(502, `${host} answers what is not HTTP (${code})`, "failed");
  return new ProxyError(502, `the connection to ${host} failed (${code})`, "failed");
}
