import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Pair {
  certificate: string;
  key: string;
}

/** A test CA, which signs for any name. */
export class Authority {
  private readonly folder = mkdtempSync(join(tmpdir(), "openai-containers-authority-"));
  readonly certificate: string;
  private serial = 0;

  constructor() {
    this.openssl("req", "-x509", ...newKey, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=tests");
    this.certificate = this.read("ca.pem");
  }

  sign(names: readonly string[], ...validity: string[]): Pair {
    const file = `leaf${this.serial++}`;
    const subject = names.length > 0 ? names.map((name) => `DNS:${name}`).join(",") : "DNS:nothing.invalid";
    writeFileSync(join(this.folder, `${file}.ext`), `subjectAltName=${subject}\nextendedKeyUsage=serverAuth\n`);
    this.openssl("req", ...newKey, "-keyout", `${file}.key`, "-out", `${file}.csr`, "-subj", "/CN=leaf");
    const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", `${file}.ext`];
    const days = validity.length > 0 ? validity : ["-days", "2"];
    this.openssl("x509", "-req", "-in", `${file}.csr`, ...signing, ...days, "-out", `${file}.pem`);
    return { certificate: this.read(`${file}.pem`), key: this.read(`${file}.key`) };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  private openssl(...args: string[]): void {
    execFileSync("openssl", args, { cwd: this.folder, stdio: "ignore" });
  }
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
