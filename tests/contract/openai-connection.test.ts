import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnreachableError } from "../../provider/backends/backend";
import { startEmulator } from "../../sdk/emulator";
import { named } from "../support/create-context";
import { createFailure } from "../support/create-failure";
import { hosted, hostedArgs, quick } from "../support/hosted";
import { silent } from "../support/silent";

describe("opening the hosted API fails", () => {
  const unused = "http://127.0.0.1:3/v1";

  it("without an API key", async () => {
    await assert.rejects(hosted(unused, { OPENAI_API_KEY: "" }), {
      name: "BackendError",
      message:
        "OC2101: There is no API key. Set OPENAI_API_KEY, or run: pulumi config set --secret openai-containers:apiKey.",
    });
  });

  for (const variable of ["OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"]) {
    for (const [character, kind] of [
      ["\n", "a line break"],
      ["\r", "a line break"],
      ["\0", "a control character"],
      ["\x7f", "a control character"],
      ["\u2011", "a character outside ASCII, such as a typographic dash"],
    ] as const) {
      it(`with ${kind} (code ${character.charCodeAt(0)}) in ${variable}, whose value the message does not repeat`, async () => {
        await assert.rejects(hosted(unused, { [variable]: `sk-proj-CANARY${character}abc` }), (failure: unknown) => {
          assert.ok(failure instanceof UnreachableError);
          assert.equal(
            failure.message,
            `OC2134: ${variable} holds ${kind}, which no request to the API can carry. Set it again, as one line of plain ASCII text.`,
          );
          return true;
        });
      });
    }
  }

  for (const header of ["x-gateway: sk-proj-CANARY\u2011", "sk proj CANARY: 1", "x-gateway: CANARY\rabc"]) {
    it(`with ${JSON.stringify(header)} in the official client's OPENAI_CUSTOM_HEADERS, which the message does not repeat`, async () => {
      const before = process.env["OPENAI_CUSTOM_HEADERS"];
      process.env["OPENAI_CUSTOM_HEADERS"] = header;
      try {
        await assert.rejects(hosted(unused), {
          name: "BackendError",
          message:
            "OC2135: OPENAI_CUSTOM_HEADERS holds a header that cannot be sent. Write one header a line, NAME: VALUE, in plain ASCII text.",
        });
      } finally {
        if (before === undefined) delete process.env["OPENAI_CUSTOM_HEADERS"];
        else process.env["OPENAI_CUSTOM_HEADERS"] = before;
      }
    });
  }

  for (const value of [
    "api.openai.com",
    "ftp://api.openai.com",
    "https://user:password@api.openai.com/v1",
    "https://user@api.openai.com/v1",
    "https://:password@api.openai.com/v1",
    "https://x/?a=b",
  ]) {
    it(`with the base URL ${value}, which the message does not repeat`, async () => {
      await assert.rejects(hosted(value), {
        message:
          "OC2102: The API address (from OPENAI_BASE_URL) cannot be used: it is not an http(s) URL without user name, password and query. Set it to a URL such as https://api.openai.com/v1.",
      });
    });
  }

  for (const value of ["0", "-1", "1.5", "many"]) {
    it(`with ${value} as requestsPerMinute`, async () => {
      const config = { "openai-containers:requestsPerMinute": value };
      await assert.rejects(hosted(unused, {}, quick, undefined, config), {
        message: `OC2103: openai-containers:requestsPerMinute is "${value}", which is not a positive whole number. Set it to the requests per minute that this process may send, such as 100.`,
      });
    });
  }

  it("where nothing listens at the base URL", async () => {
    const failure = await createFailure((await hosted(unused)).create(hostedArgs("analysis"), silent, named));
    assert.equal(
      failure.message,
      `OC2105: Cannot connect to the API at ${unused} (from OPENAI_BASE_URL): ECONNREFUSED. Check the network connection, or correct OPENAI_BASE_URL.`,
    );
    assert.ok(failure instanceof UnreachableError);
  });

  it("where the name of the default base URL does not resolve", async () => {
    const unresolved = Object.assign(new Error("getaddrinfo ENOTFOUND api.openai.com"), { code: "ENOTFOUND" });
    const { fetch } = globalThis;
    globalThis.fetch = () => Promise.reject(new TypeError("fetch failed", { cause: unresolved }));
    try {
      const backend = await hosted("");
      const { message } = await createFailure(backend.create(hostedArgs("analysis"), silent, named));
      assert.equal(
        message,
        "OC2105: Cannot connect to the API at https://api.openai.com/v1 (the default): ENOTFOUND. Check the network connection, or correct OPENAI_BASE_URL.",
      );
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it("where a proxy terminates TLS with a certificate of its own", async () => {
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
      const { message } = await createFailure(backend.create(hostedArgs("analysis"), silent, named));
      assert.equal(
        message,
        `OC2106: The TLS certificate of the API at https://127.0.0.1:${port}/v1 (from OPENAI_BASE_URL) is not trusted: DEPTH_ZERO_SELF_SIGNED_CERT. If a proxy of yours terminates TLS, set NODE_EXTRA_CA_CERTS to the file of its CA certificate.`,
      );
    } finally {
      proxy.close();
    }
  });
});

describe("the official client", () => {
  it("prints no request with OPENAI_LOG=debug", async () => {
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
