import { statSync } from "node:fs";
import { z } from "zod";
import type { Code } from "../../../codes";
import { UnreachableError } from "../../backend";
import type { Endpoint } from "./discovery/endpoint";
import { failureCode, failureStatus, failureText } from "./failure";
import { SshError } from "./ssh/ssh-error";
import { sshFailure } from "./ssh/ssh-failure";
import { tlsFailure } from "./tls/tls-failure";

/** An engine that cannot be connected to, or gives no usable response. Others are unreachable too, such as the API of files. */
export class UnreachableEngineError extends UnreachableError {}

/** Why no engine can be used at an address, and what to do about it. A bug of this program stays the error that it is. */
export function explainUnreachable(error: unknown, endpoint: Endpoint): Error {
  if (error instanceof UnreachableError) return error;
  if (error instanceof Error && isBug(error)) return error;
  const [code, what, advice] = connectionFailure(error, endpoint);
  return new UnreachableEngineError(code, what, advice, { cause: error });
}

/** A failed connection has a code, an error response has a status, and the response of another service cannot be parsed. */
function isBug(error: Error): boolean {
  const isResponse = error instanceof SyntaxError || error instanceof z.ZodError;
  return !isResponse && failureCode(error) === undefined && failureStatus(error) === undefined;
}

function connectionFailure(error: unknown, endpoint: Endpoint): [code: Code, what: string, advice: string] {
  const { address, source } = endpoint;
  const place = source === undefined ? address : `${address} (from ${source})`;
  if (error instanceof SshError) return sshFailure(error, place);
  const code = failureCode(error) ?? "";
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return [
        "OC2202",
        `There is no Docker engine at ${place}: the socket does not exist`,
        "Start the engine, or correct the address",
      ];
    case "ECONNREFUSED":
      if (isOtherFile(address))
        return ["OC2222", `No Docker engine can listen at ${place}: it is not a socket`, "Correct the address"];
      return [
        "OC2203",
        `Connection refused by the Docker engine at ${place}: it is not running`,
        "Start the engine, or correct the address",
      ];
    case "EACCES":
    case "EPERM":
      return [
        "OC2204",
        `Permission denied connecting to the Docker daemon at ${place}`,
        "Join the docker group (sudo usermod -aG docker $USER, then log in again), or use a rootless engine",
      ];
    case "ETIMEDOUT":
      return [
        "OC2205",
        `The Docker engine at ${place} does not respond (${failureText(error)}): it hangs, or its host is overloaded`,
        "Check `docker ps`, restart the engine if that hangs too, and run the same command again",
      ];
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return [
        "OC2206",
        `Cannot reach the host of the Docker engine at ${place} (${code})`,
        "Correct the address, or connect to the host's network",
      ];
  }
  return (
    tlsFailure(error, endpoint, place) ?? [
      "OC2208",
      `No usable response from the Docker engine at ${place}: ${responseMistake(error)}`,
      "Check with `docker version` whether it runs, and whether it expects TLS (DOCKER_TLS_VERIFY)",
    ]
  );
}

/** Connecting to a folder or a plain file is refused too. */
function isOtherFile(address: string): boolean {
  const path = /^unix:\/\/(.+)$/.exec(address)?.[1];
  return path !== undefined && statSync(path, { throwIfNoEntry: false })?.isSocket() === false;
}

/** Without the parser's own message, which is in JSON. */
function responseMistake(error: unknown): string {
  const status = failureStatus(error);
  if (status !== undefined && status >= 300 && status < 400)
    return `it redirects (HTTP ${status}), so it is not a Docker engine`;
  if (!(error instanceof z.ZodError)) return failureText(error) || `HTTP ${status}, without a reason`;
  const property = String(error.issues[0]?.path[0] ?? "ApiVersion");
  const what = property === "ApiVersion" ? "it reports no API version" : `its response has no valid ${property}`;
  return `${what}, so it is not a Docker engine`;
}
