import { z } from "zod";
import type { Code } from "../../../../codes";
import type { Endpoint } from "../discovery/endpoint";
import { failureCode, failureStatus, failureText } from "../failure";
import { printable } from "../printable";
import { expiredCertificate } from "./tls-files";

/** https://nodejs.org/api/errors.html#err_tls_cert_altname_invalid */
const nameMismatch = z.object({
  code: z.literal("ERR_TLS_CERT_ALTNAME_INVALID"),
  host: z.string(),
  cert: z.object({ subjectaltname: z.string().default("no name") }),
});

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
  const otherName = nameMismatch.safeParse(error).data;
  if (otherName)
    return [
      "OC2513",
      `TLS handshake with the Docker engine at ${place} failed: its certificate is for ${printable(otherName.cert.subjectaltname)}, not for ${otherName.host}`,
      "Use an address with a name of the certificate, or issue one with that name (subjectAltName)",
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
