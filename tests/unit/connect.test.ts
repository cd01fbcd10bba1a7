import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnreachableError } from "../../provider/backends/backend";
import { newClient } from "../../provider/backends/docker/engine/client";
import { connect } from "../../provider/backends/docker/engine/engine";
import { defaultTimeouts } from "../../provider/backends/docker/engine/request-timeouts";
import { dockerSettings } from "../../provider/backends/docker/settings";
import { settingSources } from "../../provider/config";
import { backendFailure } from "../support/backend-failure";
import { engineAt } from "../support/docker";
import { assertMatchesEntry } from "../support/matches-entry";

describe("connect without an engine", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "connect-test-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function messageFor(env: NodeJS.ProcessEnv): Promise<string> {
    const settings = dockerSettings(settingSources({ DOCKER_CONFIG: folder, ...env }));
    const error: unknown = await connect(settings).catch((caught: unknown) => caught);
    assert.ok(error instanceof UnreachableError);
    return error.message;
  }

  it("names the address and the setting that it is from", async () => {
    const address = `unix://${folder}/docker.sock`;
    assert.equal(
      await messageFor({ DOCKER_HOST: address }),
      `OC2202: There is no Docker engine at ${address} (from DOCKER_HOST): the socket does not exist. Start the engine, or correct the address.`,
    );
  });

  const badPort = "its port is not a number from 1 to 65535";
  const badHost = "its host is not a name or an IP address";
  const badScheme = "its scheme is not unix, npipe, tcp, http, https or ssh";
  const mistakes: [address: string, mistake: string][] = [
    ["ftp://host", badScheme],
    ["/var/run/docker.sock", badScheme],
    ["127.0.0.1:2375", badScheme],
    ["tcp://127.0.0.1:99999", badPort],
    ["tcp://127.0.0.1:abc", badPort],
    ["https://[::1]:0", badPort],
    ["ssh://host:x", badPort],
    ["http://", "it has no host"],
    ["tcp://:2375", "it has no host"],
    ["ssh://", "it has no host"],
    ["unix://", "it has no path"],
    ["tcp://exa mple:22", badHost],
    ["ssh://me@", badHost],
    ["tcp://host:2375/path", "it has a path, which an engine at a tcp address does not have"],
  ];
  for (const [address, mistake] of mistakes) {
    it(`refuses the address ${address} and says what is wrong with it`, async () => {
      const message = await messageFor({ DOCKER_HOST: address });
      assertMatchesEntry(message, "OC2209");
      assert.ok(message.includes(`address ${JSON.stringify(address)} (from DOCKER_HOST): ${mistake}. Use `), message);
    });
  }

  it("refuses an address with a query or a fragment, and quotes none of it", async () => {
    for (const address of ["tcp://host:2375", "tcp://host:2375/path", "https://host", "ssh://host/run/x.sock"]) {
      for (const query of ["?token=canary", "#canary"]) {
        const message = await messageFor({ DOCKER_HOST: `${address}${query}` });
        assertMatchesEntry(message, "OC2209");
        assert.ok(
          message.includes(`${JSON.stringify(address)} (from DOCKER_HOST): it has a query or a fragment.`),
          message,
        );
        assert.ok(!message.includes("canary"), message);
      }
    }
  });

  it("reports a missing certificate as such, and not as a missing engine", async () => {
    const env = { DOCKER_HOST: "tcp://127.0.0.1:1", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: folder };
    const message = await messageFor(env);
    assertMatchesEntry(message, "OC2210");
    assert.ok(message.includes(join(folder, "ca.pem")), message);
  });

  it("uses the socket of an explicit provider, and not DOCKER_HOST", async () => {
    const before = process.env["DOCKER_HOST"];
    let isUsed = false;
    const elsewhere = createServer(() => {
      isUsed = true;
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    const address = elsewhere.address();
    process.env["DOCKER_HOST"] = `tcp://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    try {
      const socket = `unix://${folder}/own.sock`;
      const settings = dockerSettings(
        settingSources(process.env, (key) => (key === "provider:dockerHost" ? socket : undefined)),
      );
      await assert.rejects(connect(settings), {
        message: `OC2202: There is no Docker engine at ${socket} (from the provider's dockerHost): the socket does not exist. Start the engine, or correct the address.`,
      });
      assert.equal(isUsed, false);
    } finally {
      if (before === undefined) delete process.env["DOCKER_HOST"];
      else process.env["DOCKER_HOST"] = before;
      elsewhere.close();
    }
  });
});

describe("newClient", () => {
  const names = ["DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_PATH_PREFIX"] as const;
  const before = new Map(names.map((name) => [name, process.env[name]]));
  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it("takes nothing from DOCKER_HOST and the variables beside it, even where they are wrong", () => {
    process.env["DOCKER_PATH_PREFIX"] = "/elsewhere";
    process.env["DOCKER_TLS_VERIFY"] = "1";
    process.env["DOCKER_CERT_PATH"] = "/nonexistent";
    for (const host of ["tcp://host:x", "tcp://127.0.0.1:2376", "ssh://me@host"]) {
      process.env["DOCKER_HOST"] = host;
      const { modem } = newClient({ host: "", protocol: "http", socketPath: "/run/own.sock" }, defaultTimeouts);
      const used = JSON.parse(JSON.stringify(modem));
      assert.deepEqual(used, {
        host: "",
        socketPath: "/run/own.sock",
        protocol: "http",
        headers: {},
        sshOptions: {},
        agent: {},
      });
      assert.equal(process.env["DOCKER_HOST"], host);
    }
  });
});

describe("connect to a service that sends no usable response", () => {
  let folder: string;
  let server: Server;

  /** The message of the error where every connection gets this text, and is closed afterwards or not. */
  async function messageFor(text: string, isClosed: boolean, onConnection = () => {}): Promise<string> {
    const socket = join(folder, "engine.sock");
    server = createServer((connection) => {
      onConnection();
      connection.once("data", () => (isClosed ? connection.end(text) : connection.write(text)));
    });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const settings = dockerSettings(settingSources({ DOCKER_HOST: `unix://${socket}` }));
    return backendFailure(() => connect(settings, { ...defaultTimeouts, connect: 500 }));
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "connect-test-"));
  });
  afterEach(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it("reports HTML as not from an engine, and quotes none of it", async () => {
    const page = "<html>sign in</html>";
    const message = await messageFor(
      `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: ${page.length}\r\n\r\n${page}`,
      true,
    );
    assertMatchesEntry(message, "OC2208");
    assert.match(message, /: it reports no API version, so it is not a Docker engine\. /);
  });

  for (const location of ["https://example.com/?token=canary", "/elsewhere", "ftp://example.com"]) {
    it(`reports a redirection to ${location} with its status, and does not follow it`, async () => {
      const page = "<a href='?canary'>moved</a>";
      const head = `HTTP/1.1 301 Moved\r\nlocation: ${location}\r\ncontent-length: ${page.length}\r\n\r\n`;
      let connections = 0;
      const message = await messageFor(head + page, true, () => connections++);
      assertMatchesEntry(message, "OC2208");
      assert.match(message, /: it redirects \(HTTP 301\), so it is not a Docker engine\. Check/);
      assert.equal(connections, 1);
    });
  }

  it("reports the status of a failure without a reason", async () => {
    const message = await messageFor("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n", true);
    assertMatchesEntry(message, "OC2208");
    assert.match(message, /: HTTP 502, without a reason\. Check/);
  });

  const half = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"ApiVer';

  it("reports a connection that is closed in the middle of a response at once", async () => {
    const message = await messageFor(half, true);
    assertMatchesEntry(message, "OC2208");
    assert.match(message, /: the connection was closed in the middle of a response\. /);
  });

  it("reports an engine that stops in the middle of a response at the timeout", async () => {
    const message = await messageFor(half, false);
    assertMatchesEntry(message, "OC2205");
    assert.match(message, /\(no response in 0\.5 s\)/);
  });

  it("reports a text that is not HTTP", async () => {
    assertMatchesEntry(await messageFor("SSH-2.0-OpenSSH_9.2\r\n", true), "OC2208");
  });
});

describe("connect to an engine with another clock", () => {
  it("returns the time of the engine's clock, as its other times are by that clock", async () => {
    const folder = mkdtempSync(join(tmpdir(), "connect-test-"));
    const ahead = 3_600_000;
    const info = { ID: "x", Name: "x", DockerRootDir: "/", MemTotal: 1, MemoryLimit: true, SwapLimit: true };
    const server = createHttpServer((_, answer) => {
      const SystemTime = new Date(Date.now() + ahead).toISOString().replace("Z", "123456Z");
      answer.setHeader("content-type", "application/json");
      answer.end(JSON.stringify({ ApiVersion: "1.41", ...info, SystemTime }));
    });
    try {
      await new Promise<void>((resolve) => server.listen(join(folder, "engine.sock"), resolve));
      const { now } = await engineAt(`unix://${folder}/engine.sock`);
      assert.ok(Math.abs(now() - Date.now() - ahead) < 600_000);
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});
