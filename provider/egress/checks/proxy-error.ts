import { coded, type ErrorCode, type ErrorKind, reasons } from "./reasons";

/**
 * Why a request was not served: thrown by each check, sent to the client and logged in one place. The reason is shown to
 * the sandbox and stands in the log, so it never holds a secret. What only the log may have stands in `logged`.
 */
export class ProxyError extends Error {
  override readonly name = "ProxyError";
  readonly kind: ErrorKind;
  readonly status: number;
  readonly logged: string;

  constructor(
    readonly code: ErrorCode,
    readonly reason: string,
    logged = reason,
  ) {
    super(coded(code, reason));
    this.logged = coded(code, logged);
    ({ kind: this.kind, status: this.status } = reasons[code]);
  }
}
