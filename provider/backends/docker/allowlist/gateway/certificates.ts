import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import * as x509 from "@peculiar/asn1-x509";
import { extension, keyIdentifier, signedCertificate } from "./signed-certificate";

/** A gateway's certificate and key, and the CA certificate that its sandbox trusts, as PEM. */
export interface Certificates {
  caCertificate: string;
  certificate: string;
  key: string;
}

const caName = "openai-containers sandbox";
const makeKeys = promisify(generateKeyPair);

/**
 * A CA for these names alone, and its one certificate for all of them. The CA's key is dropped here: an attacker who takes
 * over a gateway has a certificate for no more than the domains that the sandbox may reach anyway.
 */
export async function makeCertificates(names: readonly string[]): Promise<Certificates> {
  const curve = { namedCurve: "P-256" };
  const [ca, gateway] = await Promise.all([makeKeys("ec", curve), makeKeys("ec", curve)]);
  const issued = { issuer: caName, signingKey: ca.privateKey };
  return {
    caCertificate: signedCertificate({
      ...issued,
      subject: caName,
      publicKey: ca.publicKey,
      extensions: caExtensions(names, ca.publicKey),
    }),
    certificate: signedCertificate({
      ...issued,
      subject: "openai-containers gateway",
      publicKey: gateway.publicKey,
      extensions: gatewayExtensions(names, gateway.publicKey, ca.publicKey),
    }),
    key: gateway.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** RFC 5280, section 4.2.1 */
function caExtensions(names: readonly string[], key: KeyObject): x509.Extension[] {
  const subtrees = names.map((dNSName) => new x509.GeneralSubtree({ base: new x509.GeneralName({ dNSName }) }));
  const permitted = new x509.NameConstraints({ permittedSubtrees: new x509.GeneralSubtrees(subtrees) });
  return [
    extension(x509.id_ce_basicConstraints, new x509.BasicConstraints({ cA: true, pathLenConstraint: 0 }), true),
    extension(x509.id_ce_keyUsage, new x509.KeyUsage(x509.KeyUsageFlags.keyCertSign), true),
    extension(x509.id_ce_nameConstraints, permitted, true),
    extension(x509.id_ce_subjectKeyIdentifier, new x509.SubjectKeyIdentifier(keyIdentifier(key))),
  ];
}

function gatewayExtensions(names: readonly string[], key: KeyObject, caKey: KeyObject): x509.Extension[] {
  const domains = names.map((dNSName) => new x509.GeneralName({ dNSName }));
  const issuer = new x509.AuthorityKeyIdentifier({ keyIdentifier: new x509.KeyIdentifier(keyIdentifier(caKey)) });
  return [
    extension(x509.id_ce_basicConstraints, new x509.BasicConstraints()),
    extension(x509.id_ce_keyUsage, new x509.KeyUsage(x509.KeyUsageFlags.digitalSignature), true),
    extension(x509.id_ce_extKeyUsage, new x509.ExtendedKeyUsage([x509.id_kp_serverAuth])),
    extension(x509.id_ce_subjectAltName, new x509.SubjectAlternativeName(domains)),
    extension(x509.id_ce_subjectKeyIdentifier, new x509.SubjectKeyIdentifier(keyIdentifier(key))),
    extension(x509.id_ce_authorityKeyIdentifier, issuer),
  ];
}
