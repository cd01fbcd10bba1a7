/** The limits of one sandbox on its gateway. The start configuration can set each. */
export interface Limits {
  /** Connections of the sandbox at a time, on all ports together; each tunnel and each WebSocket is one. */
  readonly connections: number;
  /** Tunnels (WebSockets and `CONNECT`) at a time. */
  readonly tunnels: number;
  /** Milliseconds for a TLS handshake, and for a whole request head, from the moment that the client can send one. */
  readonly headMs: number;
  /** Milliseconds without a byte in a body, a response or a WebSocket. Models take minutes to think. */
  readonly idleMs: number;
  /** Milliseconds to reach an upstream: its connection and the handshake with it, for each of its addresses. */
  readonly dialMs: number;
  /** Milliseconds after which a gateway without listening sockets or without a policy ends. */
  readonly setupMs: number;
  /** Milliseconds in which the log counts equal lines before it writes their number. */
  readonly countMs: number;
  /** Different denials and DNS queries that the log lists; the rest it counts. */
  readonly listed: number;
}

export const defaultLimits: Limits = {
  connections: 256,
  tunnels: 224,
  headMs: 30_000,
  idleMs: 600_000,
  dialMs: 10_000,
  setupMs: 30_000,
  countMs: 10_000,
  listed: 100,
};

/** Bytes of a request's or a response's head; Node's parser counts a request's. */
export const longestHead = 32_768;

/** Header fields in a request. */
export const mostHeaders = 128;

/** Header fields in a response: each costs many times its bytes. */
export const mostResponseHeaders = 512;

/** Bytes of the line at the beginning of a chunk of a response, and of all fields behind the last one. */
export const longestChunkLine = 272;
export const longestTrailer = 8192;

/** Interim responses (1xx) to one request. Few upstreams send any: 100 to a client that expects it, 103 with hints. */
export const mostInterim = 8;

/** Bytes of a head once the secrets are in it: a short placeholder must not become a request without end. */
export const longestRebuiltHead = 131_072;

/** Requests on one connection that wait for their turn: hardly any client pipelines at all. */
export const mostPipelined = 32;

/** Bytes of the heads of all requests of a sandbox together, waiting and served. */
export const mostHeadBytes = 25_165_824;

/** The memory that a request needs beside its head, in the same measure. */
export const requestBytes = 4096;
