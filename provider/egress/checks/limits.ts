/** How much one sandbox may ask of its gateway. The start configuration can set each. */
export interface Limits {
  /** Connections of the sandbox at a time, on all ports together; each tunnel and each WebSocket is one. */
  readonly connections: number;
  /** Tunnels, which is what WebSockets and `CONNECT` leave open, at a time. */
  readonly tunnels: number;
  /** Milliseconds for a TLS handshake, and for a whole request head from the moment that one can come. */
  readonly headMs: number;
  /** Milliseconds in which nothing moves in a body, an answer or a WebSocket. Models take minutes to think. */
  readonly idleMs: number;
  /** Milliseconds to reach an upstream: its connection and the handshake with it, for each of its addresses. */
  readonly dialMs: number;
  /** Milliseconds that the gateway lives without its listening sockets, or without a policy. */
  readonly unsetMs: number;
  /** Milliseconds in which the log counts what is alike, and then tells how often it was. */
  readonly countMs: number;
  /** Different denials and DNS questions that the log lists; the rest it counts. */
  readonly listed: number;
}

export const defaultLimits: Limits = {
  connections: 256,
  tunnels: 224,
  headMs: 30_000,
  idleMs: 600_000,
  dialMs: 10_000,
  unsetMs: 30_000,
  countMs: 10_000,
  listed: 100,
};

/** Bytes of a request's or an answer's head; Node's parser counts a request's. */
export const longestHead = 32_768;

/** Header fields in a request. */
export const mostHeaders = 128;

/** Header fields in an answer: each costs many times its bytes. */
export const mostAnswerHeaders = 512;

/** Bytes of the line that a chunk of an answer begins with, and of all fields behind the last one. */
export const longestChunkLine = 272;
export const longestTrailer = 8192;

/** Interim answers (1xx) to one request. Few upstreams send any: 100 to whom it was asked for, 103 with hints. */
export const mostInterim = 8;

/** Bytes of a head once the secrets are in it: a short placeholder must not become a request without end. */
export const longestRebuiltHead = 131_072;

/** Requests on one connection that wait for their turn: hardly any client pipelines at all. */
export const mostPipelined = 32;

/** Bytes that the heads of all requests of a sandbox may take together, those that wait and those that are served. */
export const mostHeadBytes = 25_165_824;

/** What a request takes beside its head's bytes, in the same measure. */
export const requestBytes = 4096;
