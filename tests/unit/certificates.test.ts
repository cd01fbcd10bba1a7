import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Certificates, makeCertificates } from "../../provider/backends/docker/allowlist/gateway/certificates";

describe("a gateway's certificates, as OpenSSL reads them", () => {
  const folder = mkdtempSync(join(tmpdir(), "certificates-"));
  const file = (name: keyof Certificates) => join(folder, name);
  let made: Certificates;

  before(async () => {
    made = await makeCertificates(["a.example.com", "b.example.com"]);
    writeFileSync(file("caCertificate"), made.caCertificate);
    writeFileSync(file("certificate"), made.certificate);
  });
  after(() => rmSync(folder, { recursive: true }));

  it("pass its strict verification for each domain, and for no other one", () => {
    assert.equal(verified("a.example.com"), true);
    assert.equal(verified("b.example.com"), true);
    assert.equal(verified("c.example.com"), false);
  });

  it("have the extensions of RFC 5280, those that limit the CA being critical", () => {
    assert.deepEqual(extensionsOf("caCertificate"), {
      "X509v3 Basic Constraints: critical": "CA:TRUE, pathlen:0",
      "X509v3 Key Usage: critical": "Certificate Sign",
      "X509v3 Name Constraints: critical": "Permitted: DNS:a.example.com DNS:b.example.com",
    });
    assert.deepEqual(extensionsOf("certificate"), {
      "X509v3 Basic Constraints:": "CA:FALSE",
      "X509v3 Key Usage: critical": "Digital Signature",
      "X509v3 Extended Key Usage:": "TLS Web Server Authentication",
      "X509v3 Subject Alternative Name:": "DNS:a.example.com, DNS:b.example.com",
    });
  });

  it("last as long as a sandbox may, from a day before now", () => {
    for (const pem of [made.caCertificate, made.certificate]) {
      const { validFrom, validTo } = new X509Certificate(pem);
      const days = [validFrom, validTo].map((time) => Math.round((Date.parse(time) - Date.now()) / 86_400_000));
      assert.deepEqual(days, [-1, 3650]);
    }
  });

  it("take as many domains as a list has", async () => {
    const names = Array.from({ length: 1_000 }, (_, at) => `${at}.example.com`);
    const { caCertificate, certificate, key } = await makeCertificates(names);
    const leaf = new X509Certificate(certificate);
    assert.equal(leaf.verify(new X509Certificate(caCertificate).publicKey), true);
    assert.equal(leaf.checkPrivateKey(createPrivateKey(key)), true);
    assert.equal(leaf.checkHost("999.example.com"), "999.example.com");
  });

  it("have another serial number each", () => {
    const [ca, leaf] = [made.caCertificate, made.certificate].map((pem) => new X509Certificate(pem).serialNumber);
    assert.notEqual(ca, leaf);
    assert.match(`${ca} ${leaf}`, /^01[\dA-F]{30} 01[\dA-F]{30}$/);
  });

  function verified(domain: string): boolean {
    const chain = ["-CAfile", file("caCertificate"), "-x509_strict", "-purpose", "sslserver"];
    const { status, error } = spawnSync("openssl", [
      ...["verify", ...chain, "-no-CApath", "-no-CAstore"],
      ...["-verify_hostname", domain, file("certificate")],
    ]);
    if (error) throw error;
    return status === 0;
  }

  /** By their titles; strict verification requires key identifiers. */
  function extensionsOf(name: keyof Certificates): Record<string, string> {
    const wanted = "basicConstraints,keyUsage,extendedKeyUsage,nameConstraints,subjectAltName";
    const text = execFileSync("openssl", ["x509", "-in", file(name), "-noout", "-ext", wanted], { encoding: "utf8" });
    const titled = text.split(/^(?=X509v3)/m).filter((part) => part.startsWith("X509v3"));
    return Object.fromEntries(
      titled.map((part) => {
        const [title = "", ...values] = part.trim().split("\n");
        return [title.trim(), values.map((value) => value.trim()).join(" ")];
      }),
    );
  }
});
