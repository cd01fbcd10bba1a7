import "reflect-metadata"; // a library below @peculiar/x509 wants it first
import { randomBytes, webcrypto } from "node:crypto";
import { AsnConvert } from "@peculiar/asn1-schema";
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from "@peculiar/asn1-x509";
import * as x509 from "@peculiar/x509";

/** A gateway's certificate and key, and the CA certificate that its sandbox trusts, as PEM. */
export interface Certificates {
  caCertificate: string;
  certificate: string;
  key: string;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const day = 86_400_000; // ms
const validity = 10 * 365 * day; // they are not renewed while a sandbox lives

/**
 * A CA for these names alone, and its one certificate for all of them. The CA's key is dropped here: an attacker who takes
 * over a gateway has a certificate for no more than the domains that the sandbox may reach anyway.
 */
export async function makeCertificates(names: readonly string[]): Promise<Certificates> {
  const { subtle } = webcrypto;
  const caKeys = await subtle.generateKey(algorithm, false, ["sign", "verify"]);
  const keys = await subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const now = Date.now();
  // A day early, as clocks differ.
  const common = { notBefore: new Date(now - day), notAfter: new Date(now + validity), signingAlgorithm: algorithm };

  const ca = await x509.X509CertificateGenerator.createSelfSigned(
    {
      ...common,
      serialNumber: serialNumber(),
      name: "CN=openai-containers sandbox",
      keys: caKeys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
        constrainedTo(names),
        await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  const certificate = await x509.X509CertificateGenerator.create(
    {
      ...common,
      serialNumber: serialNumber(),
      subject: "CN=openai-containers gateway",
      issuer: ca.subject,
      publicKey: keys.publicKey,
      signingKey: caKeys.privateKey,
      extensions: [
        new x509.BasicConstraintsExtension(false),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: "dns" as const, value }))),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        await x509.AuthorityKeyIdentifierExtension.create(caKeys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  const key = Buffer.from(await subtle.exportKey("pkcs8", keys.privateKey));
  return {
    caCertificate: `${ca.toString("pem")}\n`,
    certificate: `${certificate.toString("pem")}\n`,
    key: x509.PemConverter.encode(key, "PRIVATE KEY"),
  };
}

/** RFC 5280, section 4.2.1.10 */
function constrainedTo(names: readonly string[]): x509.Extension {
  const subtrees = names.map((dNSName) => new GeneralSubtree({ base: new GeneralName({ dNSName }) }));
  const constraints = new NameConstraints({ permittedSubtrees: new GeneralSubtrees(subtrees) });
  return new x509.Extension(id_ce_nameConstraints, true, AsnConvert.serialize(constraints));
}

/** RFC 5280, section 4.1.2.2: positive, so that its first bit is 0. */
function serialNumber(): string {
  return `01${randomBytes(15).toString("hex")}`;
}
