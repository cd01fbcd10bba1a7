import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnreachableError } from "../../provider/backends/backend";
import { startEmulator } from "../../sdk/emulator";
import { hosted, hostedArgs, quick } from "../support/hosted";
import { named } from "../support/making";
import { failureOf } from "../support/refused";
import { silent } from "../support/silent";

describe("a hosted API that cannot be used", () => {
  const unused = "http://127.0.0.1:3/v1";

  it("for want of a key", async () => {
    await assert.rejects(hosted(unused, { OPENAI_API_KEY: "" }), {
      name: "BackendError",
      message: "There is no API key. Set OPENAI_API_KEY, or: pulumi config set --secret openai-containers:apiKey.",
    });
  });

  for (const value of [
    "api.openai.com",
    "ftp://api.openai.com",
    "https://user:password@api.openai.com/v1",
    "https://user@api.openai.com/v1",
    "https://:password@api.openai.com/v1",
    "https://x/?a=b",
  ]) {
    it(`as ${value} is no address, without repeating it`, async () => {
      await assert.rejects(hosted(value), {
        message:
          "The address of the API (from OPENAI_BASE_URL) is not one that can be used. It must be a URL such as https://api.openai.com/v1, without user name, password and query.",
      });
    });
  }

  for (const value of ["0", "-1", "1.5", "many"]) {
    it(`as ${value} is no number of requests`, async () => {
      const config = { "openai-containers:requestsPerMinute": value };
      await assert.rejects(hosted(unused, {}, quick, undefined, config), {
        message: `openai-containers:requestsPerMinute is "${value}". It must be a whole number of requests a minute, at least 1.`,
      });
    });
  }

  it("as nobody listens", async () => {
    const failure = await failureOf((await hosted(unused)).create(hostedArgs("analysis"), silent, named));
    assert.equal(
      failure.message,
      `No API can be reached at ${unused} (from OPENAI_BASE_URL) (ECONNREFUSED). Correct OPENAI_BASE_URL, or connect to its network.`,
    );
    assert.ok(failure instanceof UnreachableError);
  });

  it("as there is no way to the usual address", async () => {
    const unresolved = Object.assign(new Error("getaddrinfo ENOTFOUND api.openai.com"), { code: "ENOTFOUND" });
    const { fetch } = globalThis;
    globalThis.fetch = () => Promise.reject(new TypeError("fetch failed", { cause: unresolved }));
    try {
      const backend = await hosted("");
      const { message } = await failureOf(backend.create(hostedArgs("analysis"), silent, named));
      assert.equal(
        message,
        "No API can be reached at https://api.openai.com/v1 (the default) (ENOTFOUND). Correct OPENAI_BASE_URL, or connect to its network.",
      );
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it("as a proxy ends TLS with a certificate of its own", async () => {
    const folder = mkdtempSync(join(tmpdir(), "openai-containers-tls-"));
    const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-keyout", keyFile, "-out", certFile, ...subject],
      { stdio: "ignore" },
    );
    const proxy = createServer({ key: readFileSync(keyFile), cert: readFileSync(certFile) });
    rmSync(folder, { recursive: true });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const { port } = proxy.address() as AddressInfo;
    try {
      const backend = await hosted(`https://127.0.0.1:${port}/v1`);
      const { message } = await failureOf(backend.create(hostedArgs("analysis"), silent, named));
      assert.equal(
        message,
        `The certificate at https://127.0.0.1:${port}/v1 (from OPENAI_BASE_URL) is not trusted here (DEPTH_ZERO_SELF_SIGNED_CERT). Where a proxy of yours ends TLS, name its authority's file in NODE_EXTRA_CA_CERTS.`,
      );
    } finally {
      proxy.close();
    }
  });
});

describe("the official client", () => {
  it("prints no request, whatever OPENAI_LOG says", async () => {
    const emulator = await startEmulator();
    const before = process.env["OPENAI_LOG"];
    const { debug, info, warn, error } = console;
    const printed: unknown[][] = [];
    const print = (...values: unknown[]) => printed.push(values);
    process.env["OPENAI_LOG"] = "debug";
    Object.assign(console, { debug: print, info: print, warn: print, error: print });
    try {
      await (await hosted(emulator.baseUrl)).create(hostedArgs("analysis"), silent, named);
    } finally {
      Object.assign(console, { debug, info, warn, error });
      if (before === undefined) delete process.env["OPENAI_LOG"];
      else process.env["OPENAI_LOG"] = before;
      await emulator.stop();
    }
    assert.deepEqual(printed, []);
  });
});
