/** Why a request is not served: by whose decision or fault. */
export type ErrorKind = "denied" | "bad request" | "unavailable" | "upstream error" | "disconnected";

interface Reason {
  readonly kind: ErrorKind;
  /** Of HTTP. DNS and what is already open have none, and only log it. */
  readonly status: number;
}

/** The codes of all errors of this gateway. provider/codes/gateway.ts has the cause and the remedy of each. */
export const reasons = {
  // By the network policy
  OC6001: { kind: "denied", status: 403 }, // domain
  OC6002: { kind: "denied", status: 403 }, // port
  OC6003: { kind: "denied", status: 403 }, // no SNI
  OC6004: { kind: "denied", status: 421 }, // SNI mismatch
  OC6005: { kind: "denied", status: 421 }, // Host mismatch
  OC6006: { kind: "denied", status: 403 }, // upgrade
  OC6007: { kind: "denied", status: 405 }, // TRACE
  OC6008: { kind: "denied", status: 405 }, // CONNECT inside a tunnel
  OC6009: { kind: "denied", status: 403 }, // DNS class and operation

  // By the rules that all requests have to follow
  OC6010: { kind: "bad request", status: 400 }, // not HTTP
  OC6011: { kind: "bad request", status: 400 }, // body length
  OC6012: { kind: "bad request", status: 400 }, // header
  OC6013: { kind: "bad request", status: 400 }, // number of Host headers
  OC6014: { kind: "bad request", status: 400 }, // request target
  OC6015: { kind: "bad request", status: 505 }, // HTTP version
  OC6016: { kind: "bad request", status: 417 }, // Expect
  OC6017: { kind: "bad request", status: 431 }, // size of the head
  OC6018: { kind: "bad request", status: 408 }, // time for the head
  OC6019: { kind: "bad request", status: 400 }, // TLS handshake
  OC6020: { kind: "bad request", status: 400 }, // ALPN
  OC6021: { kind: "bad request", status: 400 }, // CA certificate
  OC6022: { kind: "bad request", status: 400 }, // WebSocket handshake
  OC6023: { kind: "bad request", status: 426 }, // WebSocket version
  OC6024: { kind: "bad request", status: 400 }, // protocol change during a response
  OC6025: { kind: "bad request", status: 400 }, // secret in a header
  OC6026: { kind: "bad request", status: 431 }, // size of the head with secrets
  OC6027: { kind: "bad request", status: 400 }, // DNS message
  OC6028: { kind: "bad request", status: 400 }, // WebSocket frame

  // For lack of a policy or of room
  OC6029: { kind: "unavailable", status: 503 }, // policy
  OC6030: { kind: "unavailable", status: 503 }, // requests
  OC6031: { kind: "unavailable", status: 503 }, // tunnels
  OC6032: { kind: "unavailable", status: 503 }, // connections

  // By the upstream's fault
  OC6033: { kind: "upstream error", status: 502 }, // no address
  OC6034: { kind: "upstream error", status: 502 }, // address that must not be dialled
  OC6035: { kind: "upstream error", status: 504 }, // timeout
  OC6036: { kind: "upstream error", status: 502 }, // connection refused
  OC6037: { kind: "upstream error", status: 502 }, // certificate
  OC6038: { kind: "upstream error", status: 502 }, // connection failed
  OC6039: { kind: "upstream error", status: 502 }, // invalid HTTP response
  OC6040: { kind: "upstream error", status: 502 }, // encoding
  OC6041: { kind: "upstream error", status: 502 }, // partial response
  OC6042: { kind: "upstream error", status: 502 }, // WebSocket not accepted
  OC6043: { kind: "upstream error", status: 502 }, // secret in a compressed response
  OC6044: { kind: "upstream error", status: 502 }, // compressed response that cannot be searched

  OC6045: { kind: "disconnected", status: 502 }, // by either side
} as const satisfies Record<`OC60${number}`, Reason>;

export type ErrorCode = keyof typeof reasons;

/** A note in the log, not an error: the request is forwarded, and a placeholder in it is not replaced. */
export const placeholderCode = "OC6046";

export function coded(code: ErrorCode | typeof placeholderCode, text: string): string {
  return `${code}: ${text}`;
}
