import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UnreachableError } from "../../../backend";
import type { Endpoint } from "../discovery/endpoint";

type Tls = NonNullable<Endpoint["tls"]>;

/** What a TLS connection to an engine uses: the files of its folder, of which only the CA certificate is required. */
export interface TlsOptions {
  rejectUnauthorized: boolean;
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
}

/** @throws UnreachableError for a file that is missing, cannot be read, or is not what its name says */
export function tlsOptions({ folder, verify }: Tls): TlsOptions {
  const options: TlsOptions = { rejectUnauthorized: verify };
  if (verify) options.ca = certificates(join(folder, "ca.pem"));
  const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  // Without both, the engine must accept clients without a certificate.
  if (!existsSync(certFile) && !existsSync(keyFile)) return options;
  return { ...options, cert: certificates(certFile), key: privateKey(keyFile, certFile) };
}

/** The first certificate of these files that has expired. */
export function expiredCertificate(folder: string): { file: string; on: Date } | undefined {
  for (const file of ["ca.pem", "cert.pem"].map((name) => join(folder, name))) {
    if (!existsSync(file)) continue;
    const expired = parsedCertificates(read(file)).find(({ validToDate }) => validToDate.getTime() < Date.now());
    if (expired) return { file, on: expired.validToDate };
  }
  return undefined;
}

function certificates(file: string): Buffer {
  const content = read(file);
  if (isValid(() => parsedCertificates(content).length > 0)) return content;
  throw invalid(file, "it is not a certificate in PEM format");
}

function privateKey(file: string, certificateFile: string): Buffer {
  const content = read(file);
  if (/BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/.test(String(content)))
    throw invalid(
      file,
      "it has a passphrase, which the engine's client cannot ask for",
      `Store the key without one, readable for you only: openssl pkey -in ${file} -out ${file}.plain, and put that file in its place`,
    );
  if (!isValid(() => createPrivateKey(content))) throw invalid(file, "it is not a private key in PEM format");
  if (new X509Certificate(read(certificateFile)).checkPrivateKey(createPrivateKey(content))) return content;
  throw invalid(file, `it is not the key of ${certificateFile}`);
}

function parsedCertificates(content: Buffer): X509Certificate[] {
  const blocks = String(content).match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

function isValid(parse: () => unknown): boolean {
  try {
    return Boolean(parse());
  } catch {
    return false; // the parser's message is in terms of ASN.1
  }
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new UnreachableError(
      "OC2210",
      `Cannot read ${file}: TLS with the Docker engine needs it`,
      "Put ca.pem, cert.pem and key.pem into the folder that DOCKER_CERT_PATH names, or unset DOCKER_TLS_VERIFY; those of a context are updated with `docker context update`",
      { cause },
    );
  }
}

const replaceIt = "Replace it with the file that the engine's administrator issued";

function invalid(file: string, why: string, advice = replaceIt): UnreachableError {
  return new UnreachableError("OC2502", `Cannot use ${file} for TLS with the Docker engine: ${why}`, advice);
}
