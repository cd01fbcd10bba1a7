import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { isCidr } from "../checks/dialable-addresses";
import { isExactName } from "../checks/domain-names";
import { list, matching, members, parseJson, text, ValidationError } from "../checks/json-shape";

/** The network policy of one sandbox, with its secrets. */
export interface Policy {
  /** The sandbox's name, for messages and the log. */
  readonly sandbox: string;
  /** Exact names in lower-case ASCII. With none, nothing is allowed. */
  readonly allowedDomains: readonly string[];
  readonly secrets: readonly Secret[];
  /** The gateway's certificate for all allowed names, in PEM. The key of the CA is not here. */
  readonly tls: { readonly certificate: string; readonly key: string };
  /** Private networks that may be dialled, such as 10.1.0.0/16. */
  readonly privateRanges: readonly string[];
  /** CA certificates that are trusted for upstreams beside Node's own: one in PEM each. */
  readonly extraCertificates: readonly string[];
  /** The networks that the gateway itself is on: never dialled, regardless of `privateRanges`. */
  readonly subnets: readonly string[];
}

/** `placeholder`, which the sandbox holds, becomes `value` in requests to `domain`. */
export interface Secret {
  readonly domain: string;
  readonly name: string;
  readonly placeholder: string;
  readonly value: string;
}

/** Bytes of a secret. A shorter one would be found everywhere by chance, and so could not be masked in responses. */
export const shortestSecret = 8;

/** Bytes of a secret: hardly any server takes a longer header. */
export const longestSecret = 16_384;

/** Bytes of all secrets of a policy, each of which is searched in many spellings. */
export const mostSecretBytes = 131_072;

/** Characters of a policy as JSON. */
const longestPolicy = 16_777_216;

/** @throws ValidationError, which quotes no value */
export function parsePolicy(json: string): Policy {
  if (json.length > longestPolicy) throw new ValidationError("policy", `at most ${longestPolicy} characters`);
  const required = ["sandbox", "allowedDomains", "secrets", "tls", "privateRanges", "extraCertificates", "subnets"];
  const found = members(parseJson(json, "policy"), "policy", required);
  const at = (key: string) => [found.get(key), `policy.${key}`] as const;
  const pair = members(...at("tls"), ["certificate", "key"]);
  const policy: Policy = {
    sandbox: matching(...at("sandbox"), /^[\x20-\x7e]{1,255}$/, "printable ASCII, at most 255 characters"),
    allowedDomains: list(...at("allowedDomains"), domain),
    secrets: list(...at("secrets"), secret),
    tls: {
      certificate: text(pair.get("certificate"), "policy.tls.certificate", 1_048_576),
      key: text(pair.get("key"), "policy.tls.key", 65_536),
    },
    privateRanges: list(...at("privateRanges"), cidr),
    extraCertificates: list(...at("extraCertificates"), additionalCertificate),
    subnets: list(...at("subnets"), cidr),
  };
  validateSecrets(policy);
  validateCertificate(policy);
  return policy;
}

function domain(value: unknown, path: string): string {
  if (typeof value === "string" && isExactName(value)) return value;
  throw new ValidationError(path, "an exact host name in lower-case ASCII");
}

function cidr(value: unknown, path: string): string {
  if (typeof value === "string" && isCidr(value)) return value;
  throw new ValidationError(path, "an IPv4 network such as 10.1.0.0/16");
}

function secret(value: unknown, path: string): Secret {
  const found = members(value, path, ["domain", "name", "placeholder", "value"]);
  const name = /^[A-Za-z_]\w{0,255}$/;
  // Long enough that no text is one by chance; nothing that a header, a shell or base64 could change.
  const placeholder = /^[A-Za-z\d_-]{16,256}$/;
  return {
    domain: domain(found.get("domain"), `${path}.domain`),
    name: matching(found.get("name"), `${path}.name`, name, "the name of an environment variable"),
    placeholder: matching(found.get("placeholder"), `${path}.placeholder`, placeholder, "16 to 256 of A-Z a-z 0-9 _ -"),
    value: secretValue(found.get("value"), `${path}.value`),
  };
}

function secretValue(value: unknown, path: string): string {
  const found = matching(value, path, /^[^\0\r\n]+$/, "a text without CR, LF or NUL");
  const length = Buffer.byteLength(found);
  if (length < shortestSecret || length > longestSecret) {
    throw new ValidationError(path, `${shortestSecret} to ${longestSecret} bytes long`);
  }
  return found;
}

function additionalCertificate(value: unknown, path: string): string {
  return certificate(text(value, path, 1_048_576), path).toString(); // one alone, even if the text holds more
}

function certificate(pem: string, path: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new ValidationError(path, "a certificate in PEM");
  }
}

/** A name has one placeholder in all domains, and a placeholder one name. */
function validateSecrets({ allowedDomains, secrets }: Policy): void {
  if (secrets.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0) > mostSecretBytes) {
    throw new ValidationError("policy.secrets", `at most ${mostSecretBytes} bytes of values`);
  }
  const seen = new Set<string>();
  const byName = new Map<string, string>();
  const byPlaceholder = new Map<string, string>();
  for (const [index, { domain: host, name, placeholder }] of secrets.entries()) {
    const path = `policy.secrets[${index}]`;
    if (!allowedDomains.includes(host)) throw new ValidationError(`${path}.domain`, "one of policy.allowedDomains");
    if (seen.has(`${name} ${host}`))
      throw new ValidationError(`${path}.name`, "the only one of its name for its domain");
    seen.add(`${name} ${host}`);
    if ((byName.get(name) ?? placeholder) !== placeholder || (byPlaceholder.get(placeholder) ?? name) !== name) {
      throw new ValidationError(`${path}.placeholder`, "the one placeholder of its name, and of no other name");
    }
    byName.set(name, placeholder);
    byPlaceholder.set(placeholder, name);
  }
}

function validateCertificate({ tls, allowedDomains }: Policy): void {
  const leaf = certificate(tls.certificate, "policy.tls.certificate");
  if (!allowedDomains.every((name) => leaf.checkHost(name, { wildcards: false }) !== undefined)) {
    throw new ValidationError("policy.tls.certificate", "for each of policy.allowedDomains");
  }
  try {
    createSecureContext({ cert: tls.certificate, key: tls.key });
  } catch {
    throw new ValidationError("policy.tls.key", "the key of policy.tls.certificate, in PEM");
  }
}
