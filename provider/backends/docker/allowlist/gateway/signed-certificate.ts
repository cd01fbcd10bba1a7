import { createHash, type KeyObject, randomBytes, sign, X509Certificate } from "node:crypto";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import * as x509 from "@peculiar/asn1-x509";

const algorithm = new x509.AlgorithmIdentifier({ algorithm: "1.2.840.10045.4.3.2" }); // ecdsa-with-SHA256, RFC 5758
const commonName = "2.5.4.3"; // RFC 5280, appendix A.1
const day = 86_400_000; // ms
const validity = 10 * 365 * day; // nothing renews a certificate while its sandbox lives

interface Content {
  issuer: string;
  subject: string;
  publicKey: KeyObject;
  extensions: x509.Extension[];
  signingKey: KeyObject;
}

/** A certificate as PEM: RFC 5280, section 4.1. */
export function signedCertificate({ issuer, subject, publicKey, extensions, signingKey }: Content): string {
  const now = Date.now();
  const tbsCertificate = new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: serialNumber(),
    signature: algorithm,
    issuer: nameOf(issuer),
    // A day early, as clocks differ.
    validity: new x509.Validity({ notBefore: new Date(now - day), notAfter: new Date(now + validity) }),
    subject: nameOf(subject),
    subjectPublicKeyInfo: AsnConvert.parse(bytesOf(publicKey), x509.SubjectPublicKeyInfo),
    extensions: new x509.Extensions(extensions),
  });
  const signature = sign("sha256", new Uint8Array(AsnConvert.serialize(tbsCertificate)), signingKey);
  const certificate = new x509.Certificate({
    tbsCertificate,
    signatureAlgorithm: algorithm,
    signatureValue: new Uint8Array(signature).buffer,
  });
  return new X509Certificate(new Uint8Array(AsnConvert.serialize(certificate))).toString();
}

export function extension(extnID: string, value: unknown, critical = false): x509.Extension {
  return new x509.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

/** RFC 7093, section 2, method 4: no SHA-1, which some systems refuse. */
export function keyIdentifier(publicKey: KeyObject): Uint8Array {
  return createHash("sha256").update(bytesOf(publicKey)).digest();
}

function bytesOf(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: "spki", format: "der" });
}

function nameOf(utf8String: string): x509.Name {
  const value = new x509.AttributeValue({ utf8String });
  return new x509.Name([
    new x509.RelativeDistinguishedName([new x509.AttributeTypeAndValue({ type: commonName, value })]),
  ]);
}

/** RFC 5280, section 4.1.2.2: positive, so that its first bit is 0. */
function serialNumber(): ArrayBuffer {
  return new Uint8Array([1, ...randomBytes(15)]).buffer;
}
