import { z } from "zod";
import { BackendError } from "../../backend";
import { failureStatus, failureText } from "./failure";
import { explainUnreachable } from "./unreachable";

/** A pull reports a full disk in its last line, without a status. */
export function isDiskFull(error: unknown): boolean {
  return /no space left on device|disk quota exceeded/i.test(failureText(error));
}

/** The BackendError for an engine's refusal, or for its lost connection. A bug of this program stays the error that it is. */
export function explain(error: unknown, engine: { address: string }, image?: string): Error {
  if (error instanceof BackendError || error instanceof z.ZodError) return error;
  const status = failureStatus(error);
  const text = failureText(error);
  if (isDiskFull(error)) {
    return new BackendError(
      "OC2214",
      `The disk of the Docker engine at ${engine.address} is full`,
      "Free disk space there, for example with `docker system prune`",
      { cause: error },
    );
  }
  if (status === undefined) return explainUnreachable(error, { address: engine.address });
  const named = image === undefined ? "The image" : `The image ${JSON.stringify(image)}`;
  if (/no such image/i.test(text)) {
    return new BackendError(
      "OC2215",
      `${named} was removed from the Docker engine at ${engine.address} during this run`,
      "Run the same command again to pull it",
      { cause: error },
    );
  }
  if (/\/bin\/sh/.test(text) && /no such file|not found/i.test(text)) {
    return new BackendError(
      "OC2216",
      `${named} has no shell: /bin/sh, which runs a sandbox's watchdog, is missing`,
      "Set docker.image to an image with a shell, `sleep` and `rm`",
      { cause: error },
    );
  }
  if (/error setting rlimit/.test(text)) {
    return new BackendError(
      "OC2308",
      `The Docker engine at ${engine.address} does not support allow lists: it may not set process limits (${text})`,
      'Run it with CAP_SYS_RESOURCE, as Podman sets its highest limits in addition to the requested ones, or use networkPolicy {type: "disabled"}',
      { cause: error },
    );
  }
  return new BackendError(
    "OC2217",
    `The Docker engine at ${engine.address} refused a request (HTTP ${status}): ${text}`,
    "See the engine's log",
    { cause: error },
  );
}
