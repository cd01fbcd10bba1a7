/**
 * Why something was not done: thrown by each check, answered and logged in one place. `denied` by the policy or the
 * rules of this gateway, or `failed` because the upstream could not be reached. The reason is shown to the sandbox and
 * stands in the log, so it never holds a secret. What only the log may know stands in `logged`.
 */
export class ProxyError extends Error {
  override readonly name = "Refused";

  constructor(
    readonly status: number,
    reason: string,
    readonly kind: "denied" | "failed" = "denied",
    readonly logged = reason,
  ) {
    super(reason);
  }
}

/** A request that this gateway does not fully understand. */
export function malformed(reason: string): ProxyError {
  return new ProxyError(400, reason);
}
