import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectSecure, type SecureContext, type TLSSocket } from "node:tls";
import type { MayDial } from "../checks/dialable-addresses";
import { codeOf } from "../checks/error-code";
import { ProxyError } from "../checks/proxy-error";
import { InvalidResponse } from "./response-head";

const mostAddresses = 4; // tried one after the other

/**
 * Connects to upstreams. A socket is returned once it is connected to a checked address and, if secure, its peer has
 * proved the name: nothing can be written to it before.
 */
export class Dialler {
  private readonly resolver: Resolver;
  /** For resumption: from connections whose peer was verified, by name. */
  private readonly sessions = new Map<string, Buffer>();

  constructor(
    private readonly mayDial: MayDial,
    private readonly trust: SecureContext,
    private readonly timeoutMs: number,
    dnsServers: readonly string[],
  ) {
    this.resolver = new Resolver({ timeout: 2000, tries: 2 });
    if (dnsServers.length > 0) this.resolver.setServers(dnsServers);
  }

  /** @throws ProxyError */
  async dial(host: string, port: number, secure: boolean): Promise<Socket> {
    let failure = new ProxyError("OC6033", `${host} has no IPv4 address`);
    for (const address of await this.addresses(host)) {
      try {
        return await this.connect(host, address, port, secure);
      } catch (error) {
        failure = toUpstreamError(error, host);
      }
    }
    throw failure;
  }

  /** Against DNS rebinding: resolved for each new connection, and dialled as they are, without a second lookup. */
  private async addresses(host: string): Promise<string[]> {
    const all = await this.resolver.resolve4(host).catch((error: unknown) => {
      throw new ProxyError("OC6033", `${host} cannot be resolved (${codeOf(error)})`);
    });
    const allowed = all.filter(this.mayDial);
    if (allowed.length > 0) return allowed.slice(0, mostAddresses);
    const reason = `${host} resolves to no address that may be dialled`;
    // Code inside need not learn private addresses.
    throw new ProxyError("OC6034", reason, `${reason} (${all.join(", ")})`);
  }

  private async connect(host: string, address: string, port: number, secure: boolean): Promise<Socket> {
    const socket = secure ? this.secure(host, address, port) : connectPlain({ host: address, port, noDelay: true });
    const timer = setTimeout(() => socket.destroy(timedOut()), this.timeoutMs);
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

/** With a text of our own, as the message of another error may quote the upstream. */
export function toUpstreamError(error: unknown, host: string): ProxyError {
  if (error instanceof ProxyError) return error;
  const code = codeOf(error);
  if (code === "ETIMEDOUT") return new ProxyError("OC6035", `${host} timed out`);
  if (code === "ECONNREFUSED") return new ProxyError("OC6036", `${host} refused the connection`);
  if (/CERT|CRL|ISSUER|SELF_SIGNED|ALTNAME|VERIFY|INVALID_CA|PATH_LENGTH|PURPOSE/.test(code)) {
    return new ProxyError("OC6037", `the certificate of ${host} is not trusted (${code})`);
  }
  if (error instanceof InvalidResponse)
    return new ProxyError("OC6039", `${host} sent an invalid response: ${error.message}`);
  if (code.startsWith("HPE_")) return new ProxyError("OC6039", `${host} sent an invalid response: not HTTP (${code})`);
  return new ProxyError("OC6038", `the connection to ${host} failed (${code})`);
}
