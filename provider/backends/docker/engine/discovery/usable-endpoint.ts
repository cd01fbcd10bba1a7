import { quoted } from "../../../../model/quoted";
import { UnreachableError } from "../../../backend";
import { sshArguments } from "../ssh/ssh-arguments";
import type { Endpoint } from "./endpoint";

/**
 * An endpoint whose address a client can use. An address is printed in messages, so it must have no password.
 * @throws UnreachableError for another one
 */
export function usableEndpoint(endpoint: Endpoint): Endpoint {
  const { address, source } = endpoint;
  if (/^(?!unix:|npipe:|ssh:\/\/[^:@]*@[^@]*$).*@/s.test(address))
    throw new UnreachableError(
      "OC2223",
      `The address of the Docker engine (from ${source}) cannot be used: it has a user name or a password`,
      "Remove them: an engine authenticates its clients by certificates (DOCKER_TLS_VERIFY and DOCKER_CERT_PATH), and ssh:// by keys",
    );
  const mistake = addressMistake(address);
  if (mistake === undefined) return endpoint;
  const shown = address.replace(/[?#].*$/s, ""); // a query may have a token
  throw new UnreachableError(
    "OC2209",
    `Unsupported Docker engine address ${quoted(shown)} (from ${source}): ${mistake}`,
    "Use unix:///path/to.sock, tcp://host:port or ssh://user@host",
  );
}

/** What is wrong with an address. */
function addressMistake(address: string): string | undefined {
  const [, scheme, rest = ""] = /^(unix|npipe|tcp|https?|ssh):\/\/(.*)$/s.exec(address) ?? [];
  if (scheme === undefined) return "its scheme is not unix, npipe, tcp, http, https or ssh";
  if (scheme === "unix" || scheme === "npipe") return rest === "" ? "it has no path" : undefined;
  const mistake = hostMistake(rest);
  if (mistake !== undefined) return mistake;
  const isUsable = scheme === "ssh" ? sshArguments(address) !== undefined : URL.canParse(address);
  if (!isUsable) return "its host is not a name or an IP address";
  if (scheme === "ssh" || /^[^/]*\/?$/.test(rest)) return undefined;
  return `it has a path, which an engine at a ${scheme} address does not have`;
}

/** What is wrong with `host[:port][/path]`, but for the characters of the host. */
function hostMistake(text: string): string | undefined {
  const [host = "", port] = /^(\[[^\]]*\]|[^/?#:]*)(?::([^/?#]*))?/.exec(text)?.slice(1) ?? [];
  if (host === "") return "it has no host";
  if (port !== undefined && !isPort(port)) return "its port is not a number from 1 to 65535";
  return /[?#]/.test(text) ? "it has a query or a fragment" : undefined;
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}
