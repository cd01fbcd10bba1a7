import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Of 2020. */
const expired = ["-startdate", "200101000000Z", "-enddate", "200102000000Z"];
const valid = ["-days", "2"];

/**
 * A CA, and the certificates that it signed for an engine (server.pem, server.key) and a client (cert.pem, key.pem) on loopback;
 * and with the same keys the expired ones: expired-ca.pem, expired-server.pem, expired-cert.pem.
 */
export function makeCertificates(folder: string): void {
  mkdirSync(folder);
  writeFileSync(join(folder, "ca.cnf"), configuration);
  writeFileSync(join(folder, "serial"), "01\n");
  for (const [file, text] of Object.entries(extensions)) writeFileSync(join(folder, file), text);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  for (const [name, key] of Object.entries(keys)) {
    const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key];
    openssl("req", ...made, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
  }
  const sign = (name: keyof typeof keys, out: string, dates: string[]) => {
    writeFileSync(join(folder, "index.txt"), ""); // a new register, as one CA signs a name once
    const signer = name === "ca" ? ["-selfsign"] : ["-cert", "ca.pem"];
    const common = [
      "-batch",
      "-rand_serial",
      "-notext",
      "-config",
      "ca.cnf",
      "-extfile",
      `${name}.ext`,
      "-outdir",
      ".",
    ];
    openssl("ca", ...common, ...signer, "-keyfile", keys.ca, "-in", `${name}.csr`, "-out", out, ...dates);
  };
  for (const [name, file] of [
    ["ca", "ca.pem"],
    ["server", "server.pem"],
    ["client", "cert.pem"],
  ] as const) {
    sign(name, file, valid);
    sign(name, `expired-${file}`, expired);
  }
}

/** The folder of a client, with these files in place of those of the same name. */
export function clientFolder(from: string, to: string, files: Record<string, string> = {}): string {
  mkdirSync(to);
  for (const name of ["ca.pem", "cert.pem", "key.pem"]) copyFileSync(join(from, files[name] ?? name), join(to, name));
  return to;
}

const keys = { ca: "ca.key", server: "server.key", client: "key.pem" };

const extensions = {
  "ca.ext": "basicConstraints=critical,CA:true\n",
  "server.ext": "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n",
  "client.ext": "extendedKeyUsage=clientAuth\n",
};

const configuration = `[ca]
default_ca = this
[this]
database = index.txt
serial = serial
default_md = sha256
policy = any
[any]
commonName = supplied
`;
