import type { Code } from "../../../codes";
import { BackendError } from "../../backend";
import type { Engine } from "../engine/engine";
import { explain, isDiskFull } from "../engine/engine-errors";
import { failureCode, failureStatus, failureText, onOneLine } from "../engine/failure";
import { configFile, type FoundCredentials } from "./credentials";
import { StalledError } from "./progress";
import { loginCommand, registryOf } from "./registry";

/** A pull that failed. */
interface FailedPull {
  engine: Engine;
  /** In quotes. */
  image: string;
  registry: string;
  credentials: FoundCredentials;
  /** The engine's own words. */
  text: string;
}

type Explanation = [code: Code, what: string, advice: string];

/** Why an image could not be pulled. */
export function explainPull(error: unknown, engine: Engine, image: string, credentials: FoundCredentials): Error {
  const code = failureCode(error);
  const isStalled = error instanceof StalledError || code === "ETIMEDOUT"; // an engine responds once its registry has
  const isConnectionLost = failureStatus(error) === undefined && code !== undefined && !isStalled;
  if (isDiskFull(error) || isConnectionLost) return explain(error, engine, image);
  const text = withoutSecrets(failureText(error), credentials);
  const pull = { engine, image: JSON.stringify(image), registry: registryOf(image), credentials, text };
  return new BackendError(...(isStalled ? stalled(pull) : (refused(pull) ?? unreachable(pull) ?? other(pull))));
}

/**
 * What a registry refused. An engine passes no status of its registry on, only words: its own and the registry's. They
 * differ between Docker, Docker with containerd's image store, and Podman.
 */
function refused({ engine, image, registry, credentials, text }: FailedPull): Explanation | undefined {
  if (/toomanyrequests|too many requests/i.test(text))
    return [
      "OC2603",
      `The registry ${registry} limits pulls, and refused that of ${image}: ${text}`,
      `Run the same command again later, or \`${loginCommand(registry)}\` first, as registries allow more to users that they know`,
    ];
  if (/no basic auth credentials|unauthorized|denied|forbidden|authorization failed|invalid username/i.test(text)) {
    const what = `The registry ${registry} denied the pull of ${image}`;
    const orImage = "correct docker.image: a registry may deny what it does not have";
    const advice = `Run \`${loginCommand(registry)}\` on this machine as a user that may pull it, or ${orImage}`;
    if (typeof credentials === "object")
      return ["OC2602", `${what} with the credentials from ${credentials.source}: ${text}`, advice];
    if (credentials === "unusable")
      return [
        "OC2601",
        `${what} without credentials (those for it cannot be used, as a warning says): ${text}`,
        `Correct what the warning names (OC2610 or OC2611), or ${orImage}`,
      ];
    const file = configFile(engine.credentialSettings.configFolder);
    return ["OC2601", `${what} without credentials (none for it are in ${file}): ${text}`, advice];
  }
  if (/no matching manifest|no match for platform|no image found in .* for architecture/i.test(text))
    return [
      "OC2605",
      `The registry ${registry} has ${image} for other processors than that of the Docker engine at ${engine.address} (${engine.architecture}): ${text}`,
      "Set docker.image to an image for that processor",
    ];
  if (/manifest unknown|name unknown|not known to registry|manifest for .* not found|: not found$/i.test(text))
    return [
      "OC2604",
      `The registry ${registry} does not have ${image}: ${text}`,
      "Correct the name, the tag or the digest in docker.image",
    ];
  return undefined;
}

/** A registry that its engine cannot talk to. */
function unreachable({ engine, image, registry, text }: FailedPull): Explanation | undefined {
  if (/HTTP response to HTTPS client|x509:|tls:/i.test(text))
    return [
      "OC2607",
      `The Docker engine at ${engine.address} has no TLS connection to the registry ${registry}, so it cannot pull ${image}: ${text}`,
      `Put the registry's CA certificate on the engine's host (/etc/docker/certs.d/${registry}/ca.crt), or list a registry without TLS under insecure-registries in the engine's configuration`,
    ];
  if (
    /dial tcp|no such host|i\/o timeout|deadline exceeded|request canceled|connection re(?:fused|set)|EOF/i.test(text)
  )
    return [
      "OC2606",
      `The Docker engine at ${engine.address} cannot reach the registry ${registry}, so it cannot pull ${image}: ${text}`,
      "Correct docker.image, or the engine's network, name server or proxy. Without a registry, add the image with docker load or docker import",
    ];
  return undefined;
}

function stalled({ engine, image, registry, text }: FailedPull): Explanation {
  return [
    "OC2608",
    `The pull of ${image} to the Docker engine at ${engine.address} stalled: ${text}`,
    `Check the engine's connection to the registry ${registry}, and run the same command again: it goes on with the layers that are missing`,
  ];
}

function other({ engine, image, text }: FailedPull): Explanation {
  return [
    "OC2218",
    `Cannot pull the image ${image} to the Docker engine at ${engine.address}: ${text}`,
    "Set docker.image to an image that `docker images` lists there, or add it with docker pull, docker load or docker import",
  ];
}

/** A registry may repeat what it was sent, of which the text has what a message shows. */
function withoutSecrets(text: string, credentials: FoundCredentials): string {
  if (typeof credentials !== "object") return text;
  const { password, identitytoken, registrytoken } = credentials.auth;
  const secrets = [password, identitytoken, registrytoken].filter((secret) => secret);
  return secrets.reduce<string>((masked, secret) => masked.replaceAll(onOneLine(secret ?? ""), "[secret]"), text);
}
