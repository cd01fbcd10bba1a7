import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../provider/backends/docker/engine/engine";
import { dockerSettings } from "../../provider/backends/docker/settings";
import { settingSources } from "../../provider/config";
import { backendFailure } from "../support/backend-failure";
import { freePorts } from "../support/free-ports";
import { assertMatchesEntry } from "../support/matches-entry";
import { SecondEngine } from "../support/second-engine";
import { clientFolder, makeCertificates } from "../support/tls-certificates";

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
    const message = await failureWith(foreign);
    assertMatchesEntry(message, "OC2207");
    assert.match(message, /failed \(\w+\): .* Check .*ca\.pem/);
  });

  it("is reported to expect TLS if the connection has none", async () => {
    assertMatchesEntry(await backendFailure(() => connectTo({ DOCKER_HOST: host })), "OC2506");
  });

  it("is reported to speak no TLS if the connection has it", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      assertMatchesEntry(await failureWith(certs, addressOf(server)), "OC2505");
    } finally {
      server.close();
    }
  });

  it("refuses a client whose certificate has expired, and the error names the file and its last day", async () => {
    const client = clientFolder(certs, join(folder, "old-client"), { "cert.pem": "expired-cert.pem" });
    const message = await failureWith(client);
    assertMatchesEntry(message, "OC2503");
    assert.ok(message.includes(`${join(client, "cert.pem")} expired on 2020-01-02T00:00:00.000Z`), message);
  });

  it("is refused if the CA certificate has expired, and the error names the file and its last day", async () => {
    const client = clientFolder(certs, join(folder, "old-ca"), { "ca.pem": "expired-ca.pem" });
    const message = await failureWith(client);
    assertMatchesEntry(message, "OC2503");
    assert.ok(message.includes(`${join(client, "ca.pem")} expired on 2020-01-02T00:00:00.000Z`), message);
  });

  it("is refused if its own certificate has expired", async () => {
    const [cert, key] = ["expired-server.pem", "server.key"].map((name) => readFileSync(join(certs, name)));
    const server = createTlsServer({ cert, key }).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      assertMatchesEntry(await failureWith(certs, addressOf(server)), "OC2504");
    } finally {
      server.close();
    }
  });

  it("is refused if its certificate is for another name than that of the address, and the error names both", async () => {
    const message = await failureWith(certs, host.replace("127.0.0.1", "localhost"));
    assertMatchesEntry(message, "OC2513");
    assert.ok(message.includes("its certificate is for IP Address:127.0.0.1, not for localhost. Use "), message);
  });

  it("is not connected with a key that has a passphrase, and the error says so", async () => {
    const client = clientFolder(certs, join(folder, "encrypted-key"));
    for (const form of [[], ["-traditional"]]) {
      const options = ["pkey", "-in", "key.pem", "-out", join(client, "key.pem"), "-aes256", "-passout", "pass:secret"];
      execFileSync("openssl", [...options, ...form], { cwd: certs });
      const message = await failureWith(client);
      assertMatchesEntry(message, "OC2502");
      assert.ok(message.includes(`${join(client, "key.pem")} for TLS`), message);
      assert.match(
        message,
        /: it has a passphrase, which the engine's client cannot ask for\. Store the key without one/,
      );
    }
  });

  it("is not connected with a file that is missing, is something else, or does not belong to the others", async () => {
    const cases: [name: string, files: Record<string, string>, code: "OC2210" | "OC2502", reason: string][] = [
      ["no-ca", {}, "OC2210", "ca.pem: TLS with the Docker engine needs it"],
      ["no-key", {}, "OC2210", "key.pem: TLS with the Docker engine needs it"],
      ["key-for-ca", { "ca.pem": "key.pem" }, "OC2502", "it is not a certificate in PEM format"],
      ["cert-for-key", { "key.pem": "cert.pem" }, "OC2502", "it is not a private key in PEM format"],
      ["other-key", { "key.pem": "server.key" }, "OC2502", "it is not the key of "],
    ];
    for (const [name, files, code, reason] of cases) {
      const client = clientFolder(certs, join(folder, name), files);
      if (name.startsWith("no-")) rmSync(join(client, `${name.slice(3)}.pem`));
      const message = await failureWith(client);
      assertMatchesEntry(message, code);
      assert.ok(message.includes(client) && message.includes(reason), message);
    }
  });

  it("refuses a client without a certificate", async () => {
    const client = clientFolder(certs, join(folder, "ca-only"));
    for (const name of ["cert.pem", "key.pem"]) rmSync(join(client, name));
    assertMatchesEntry(await failureWith(client), "OC2207");
  });

  function failureWith(certPath: string, address = host): Promise<string> {
    return backendFailure(() =>
      connectTo({ DOCKER_HOST: address, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: certPath }),
    );
  }
});

function addressOf(server: Server): string {
  const address = server.address();
  assert.ok(address && typeof address === "object");
  return `tcp://127.0.0.1:${address.port}`;
}
