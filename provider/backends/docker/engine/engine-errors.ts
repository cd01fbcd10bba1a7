import { z } from "zod";
import { BackendError, UnreachableError } from "../../backend";
import { type Endpoint, usualPlace } from "./endpoints";

const clientError = z.object({
  code: z.string().optional(),
  statusCode: z.number().optional(),
  message: z.string(),
  json: z.object({ message: z.string() }).optional().catch(undefined),
});

/** The HTTP status an engine answered with, where it did answer. */
export function failureStatus(error: unknown): number | undefined {
  return clientError.safeParse(error).data?.statusCode;
}

/** Node's code of a failed connection: `ENOENT`, `ECONNREFUSED`. */
export function failureCode(error: unknown): string | undefined {
  return clientError.safeParse(error).data?.code;
}

/** The engine's own words, without the client's frame around them. */
export function failureText(error: unknown): string {
  const parsed = clientError.safeParse(error).data;
  return parsed?.json?.message.trim() ?? parsed?.message ?? String(error);
}

/** Why no engine answered at an address, and what to do about it. A mistake of this program stays what it is. */
export function explainUnreachable(error: unknown, { address, source }: Pick<Endpoint, "address" | "source">): Error {
  if (error instanceof UnreachableError) return error;
  if (error instanceof Error && isMistake(error)) return error;
  const place = source === usualPlace ? address : `${address} (from ${source})`;
  const [what, advice] = connectionFailure(error, place);
  return new UnreachableError("OC0000", what, advice, { cause: error });
}

/** Neither a failure of the connection, nor an answer: those have a code or a status, or cannot be read as an engine's. */
function isMistake(error: Error): boolean {
  const isAnswer = error instanceof SyntaxError || error instanceof z.ZodError;
  return !isAnswer && failureCode(error) === undefined && failureStatus(error) === undefined;
}

function connectionFailure(error: unknown, place: string): [what: string, advice: string] {
  const code = failureCode(error) ?? "";
  switch (code) {
    case "ENOENT":
      return [`There is no Docker engine at ${place}`, "Start it, or correct the address"];
    case "ECONNREFUSED":
      return [
        `No Docker engine answers at ${place}`,
        "Its socket was left by an engine that is gone, or its port is closed: start the engine",
      ];
    case "EACCES":
    case "EPERM":
      return [
        `You may not use the Docker engine at ${place}`,
        "Join the docker group (sudo usermod -aG docker $USER, then log in again), or use a rootless engine",
      ];
    case "ETIMEDOUT":
      return [
        `The Docker engine at ${place} does not answer (${failureText(error)})`,
        "It hangs, or its host is very busy: see whether `docker ps` answers, restart it, and run this again",
      ];
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return [
        `The host of the Docker engine at ${place} cannot be found (${code})`,
        "Correct the address, or connect to its network",
      ];
  }
  if (/CERT|SSL|TLS|SIGNATURE|ISSUER/.test(code)) {
    return [
      `The Docker engine at ${place} and this program do not accept each other's certificates (${code})`,
      "Check DOCKER_TLS_VERIFY and the files ca.pem, cert.pem and key.pem in DOCKER_CERT_PATH",
    ];
  }
  return [
    `The Docker engine at ${place} gave no usable answer (${failureText(error)})`,
    "See whether it runs with `docker version`, and whether it expects TLS (DOCKER_TLS_VERIFY)",
  ];
}

/** Told by a status, or by the last line of a pull that ran out of room. */
export function isDiskFull(error: unknown): boolean {
  return /no space left on device|disk quota exceeded/i.test(failureText(error));
}

/** What an engine refused, and what to do about it. A mistake of this program stays what it is. */
export function explain(error: unknown, engine: { address: string }, image?: string): Error {
  if (error instanceof BackendError || error instanceof z.ZodError) return error;
  const status = failureStatus(error);
  const text = failureText(error);
  if (isDiskFull(error)) {
    return new BackendError(
      "OC0000",
      `The disk of the Docker engine at ${engine.address} is full`,
      "Make room there, for example with `docker system prune`",
      { cause: error },
    );
  }
  if (status === undefined) return explainUnreachable(error, { address: engine.address, source: usualPlace });
  const named = image === undefined ? "The image" : `The image ${JSON.stringify(image)}`;
  if (/no such image/i.test(text)) {
    return new BackendError(
      "OC0000",
      `${named} is no longer on the engine`,
      "Run the same command again to have it pulled",
      {
        cause: error,
      },
    );
  }
  if (/\/bin\/sh/.test(text) && /no such file|not found/i.test(text)) {
    return new BackendError(
      "OC0000",
      `${named} has no shell: /bin/sh, in which a sandbox's first process runs, is missing`,
      "Set docker.image to one that has a shell, `sleep` and `rm`",
      { cause: error },
    );
  }
  if (/error setting rlimit/.test(text)) {
    return new BackendError(
      "OC0000",
      `The engine at ${engine.address} may not set limits of a process (ulimit), without which no allow list is offered (${text})`,
      'Run it with CAP_SYS_RESOURCE, as Podman sets the highest ones besides those that it is asked for, or use networkPolicy {type: "disabled"}',
      { cause: error },
    );
  }
  return new BackendError(
    "OC0000",
    `The Docker engine at ${engine.address} refused (HTTP ${status}: ${text})`,
    "The engine's log may say more",
    { cause: error },
  );
}
