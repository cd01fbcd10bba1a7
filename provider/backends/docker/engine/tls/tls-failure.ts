import type { Code } from "../../../../codes";
import type { Endpoint } from "../discovery/endpoint";
import { failureCode, failureStatus, failureText } from "../failure";
import { expiredCertificate } from "./tls-files";

type Failure = [code: Code, what: string, advice: string];

/** Why a connection with TLS failed, or one without it to an engine that expects it; undefined for another reason. */
export function tlsFailure(error: unknown, { tls }: Pick<Endpoint, "tls">, place: string): Failure | undefined {
  const code = failureCode(error) ?? "";
  if (failureStatus(error) === 400 && /HTTP request to an HTTPS server/.test(failureText(error)))
    return [
      "OC2506",
      `The Docker engine at ${place} expects TLS, and the connection has none`,
      "Set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem, or use a context with certificates",
    ];
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|EPROTO/.test(code))
    return [
      "OC2505",
      `The Docker engine at ${place} does not speak TLS (${code})`,
      "Use the port at which it expects TLS (2376 by convention), or unset DOCKER_TLS_VERIFY if the connection may be unencrypted",
    ];
  // An engine that refuses a certificate may close the connection before its reason is read.
  if (!/CERT|SSL|TLS|SIGNATURE|ISSUER/.test(code) && !(tls && /ECONNRESET|EPIPE/.test(code))) return undefined;
  const expired = tls && expiredCertificate(tls.folder);
  if (expired)
    return [
      "OC2503",
      `TLS handshake with the Docker engine at ${place} failed: ${expired.file} expired on ${expired.on.toISOString()}`,
      "Replace it with a valid one",
    ];
  if (code === "CERT_HAS_EXPIRED")
    return [
      "OC2504",
      `TLS handshake with the Docker engine at ${place} failed: the engine's certificate has expired`,
      "Renew the engine's certificate, or correct this machine's clock",
    ];
  return [
    "OC2207",
    `TLS handshake with the Docker engine at ${place} failed (${code}): one side does not accept the other's certificate`,
    "Check the files ca.pem, cert.pem and key.pem in DOCKER_CERT_PATH, or those of the context",
  ];
}
