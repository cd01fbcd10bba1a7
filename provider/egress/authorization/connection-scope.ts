/** What is known of a connection before any request: its listener, and the only host that its requests may name. */
export interface ConnectionScope {
  readonly via: "proxy" | "transparent";
  /** HTTP to a proxy, or to a server, in clear or with TLS terminated here. */
  readonly protocol: "proxy" | "http" | "https";
  /** From CONNECT and SNI, which are the same. Only connections in clear that no CONNECT opened have none. */
  readonly host?: string;
}
