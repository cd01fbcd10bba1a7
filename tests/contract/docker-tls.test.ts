import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../provider/backends/docker/engine/engine";
import { dockerSettings } from "../../provider/backends/docker/settings";
import { settingSources } from "../../provider/config";
import { freePorts } from "../support/free-ports";
import { SecondEngine } from "../support/second-engine";

describe("a Docker engine behind TLS", () => {
  const folder = mkdtempSync(join(tmpdir(), "openai-containers-tls-"));
  const certs = join(folder, "certs");
  const foreign = join(folder, "foreign");
  let engine: SecondEngine;
  let host: string;

  const connectTo = (env: NodeJS.ProcessEnv) =>
    connect(dockerSettings(settingSources({ DOCKER_CONFIG: folder, ...env })));

  before(async function () {
    if (!SecondEngine.canStart) this.skip(); // starting an engine takes root
    makeCertificates(certs);
    makeCertificates(foreign);
    const [port] = await freePorts(1);
    host = `tcp://127.0.0.1:${port}`;
    const server = { tlsverify: true, tlscacert: "ca.pem", tlscert: "server.pem", tlskey: "server.key" };
    const flags = Object.entries(server).map(([flag, file]) => `--${flag}${file === true ? "" : `=${certs}/${file}`}`);
    engine = await SecondEngine.start({ flags: [`--host=${host}`, ...flags] });
  });
  after(async () => {
    await engine?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is connected with the certificates of DOCKER_CERT_PATH", async () => {
    const { address, location } = await connectTo({
      DOCKER_HOST: host,
      DOCKER_TLS_VERIFY: "1",
      DOCKER_CERT_PATH: certs,
    });
    assert.equal(address, host);
    assert.match(location, /^docker:/);
  });

  /** Writes a context whose engine is verified by this CA, or not at all. */
  function writeContext(name: string, caFolder: string, SkipTLSVerify: boolean): void {
    const id = createHash("sha256").update(name).digest("hex");
    const tls = join(folder, "contexts/tls", id, "docker");
    for (const path of [join(folder, "contexts/meta", id), tls]) mkdirSync(path, { recursive: true });
    const meta = { Name: name, Endpoints: { docker: { Host: host, SkipTLSVerify } } };
    writeFileSync(join(folder, "contexts/meta", id, "meta.json"), JSON.stringify(meta));
    for (const file of ["cert.pem", "key.pem"]) copyFileSync(join(certs, file), join(tls, file));
    copyFileSync(join(caFolder, "ca.pem"), join(tls, "ca.pem"));
  }

  it("is connected through a context with certificates", async () => {
    writeContext("remote", certs, false);
    assert.equal((await connectTo({ DOCKER_CONTEXT: "remote" })).address, host);
  });

  it("is verified, unless its context has SkipTLSVerify", async () => {
    writeContext("other", foreign, false);
    await assert.rejects(connectTo({ DOCKER_CONTEXT: "other" }), /OC2207: TLS handshake/);
    writeContext("other", foreign, true);
    assert.equal((await connectTo({ DOCKER_CONTEXT: "other" })).address, host);
  });

  it("is refused with the certificates of another CA", async () => {
    const attempt = connectTo({ DOCKER_HOST: host, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: foreign });
    await assert.rejects(attempt, /OC2207: TLS handshake .* failed \(\w+\): .* Check DOCKER_TLS_VERIFY/);
  });

  it("is reported to expect TLS if the connection has none", async () => {
    await assert.rejects(
      connectTo({ DOCKER_HOST: host }),
      /OC2208: .*: Client sent an HTTP request to an HTTPS server\. .* whether it expects TLS \(DOCKER_TLS_VERIFY\)/,
    );
  });
});

/** A CA, and the certificates that it signed for a server and a client on loopback. */
function makeCertificates(folder: string): void {
  mkdirSync(folder);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=authority");
  for (const [name, use, certificate, privateKey] of [
    ["server", "serverAuth", "server.pem", "server.key"],
    ["client", "clientAuth", "cert.pem", "key.pem"],
  ] as const) {
    writeFileSync(join(folder, `${name}.ext`), `subjectAltName=IP:127.0.0.1\nextendedKeyUsage=${use}\n`);
    openssl("req", ...key, "-keyout", privateKey, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
    const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", `${name}.ext`];
    openssl("x509", "-req", "-in", `${name}.csr`, ...signed, "-out", certificate);
  }
}
