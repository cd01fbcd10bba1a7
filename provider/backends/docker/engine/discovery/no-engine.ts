import { UnreachableError } from "../../../backend";

/** An address that was tried in vain. */
export interface Failure {
  address: string;
  error: UnreachableError;
}

/**
 * The error for a machine on which no usual socket has a usable engine. A socket that exists and cannot be used is more
 * telling than a missing one.
 */
export function noEngine(failures: readonly Failure[]): UnreachableError {
  const telling = failures.map(({ error }) => error).filter(({ code }) => code !== "OC2202");
  const [first] = telling;
  if (first) {
    const what = telling.map((error) => error.what).join("; ");
    return new UnreachableError(first.code, what, first.advice, { cause: first.cause });
  }
  return new UnreachableError(
    "OC2201",
    `No Docker engine found: none of the usual sockets exists (${failures.map(({ address }) => address).join(", ")})`,
    "Install and start Docker or Podman, or set DOCKER_HOST, or run `docker context use`",
    { cause: failures[0]?.error.cause },
  );
}
