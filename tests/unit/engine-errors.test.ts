import assert from "node:assert/strict";
import { z } from "zod";
import { BackendError, UnreachableError } from "../../provider/backends/backend";
import { explain } from "../../provider/backends/docker/engine/engine-errors";
import { failureCode, failureStatus, failureText } from "../../provider/backends/docker/engine/failure";
import { SshError } from "../../provider/backends/docker/engine/ssh/ssh-error";
import { explainUnreachable } from "../../provider/backends/docker/engine/unreachable";
import type { Code } from "../../provider/codes";
import { assertMatchesEntry } from "../support/matches-entry";

const address = "unix:///var/run/docker.sock";

function assertTwoSentences(message: string): void {
  assert.match(message, /^OC2[235]\d\d: [A-Z][^\n]+\. [A-Z][^\n]+[^.\s]\.$/);
  assert.equal(message.split(/\. (?=[A-Z])/).length, 2, message);
}

/** An error as Node throws it. */
function connectionError(code: string, message = `connect ${code}`): Error {
  return Object.assign(new Error(message), { code });
}

/** An error as the engine's client throws it. */
function refusal(statusCode: number, text: string): Error {
  const json = { message: `${text}\n` };
  return Object.assign(new Error(`(HTTP code ${statusCode}) unexpected - ${text}`), { statusCode, json });
}

describe("explainUnreachable", () => {
  const failures: [nodeCode: string, code: Code, advice: RegExp][] = [
    ["ENOENT", "OC2202", /Start the engine, or correct the address\.$/],
    ["ECONNREFUSED", "OC2203", /Start the engine, or correct the address\.$/],
    ["EACCES", "OC2204", /docker group .* rootless/],
    ["EPERM", "OC2204", /docker group .* rootless/],
    ["ETIMEDOUT", "OC2205", /Check `docker ps`/],
    ["ENOTFOUND", "OC2206", /\(ENOTFOUND\)\. Correct the address/],
    ["EAI_AGAIN", "OC2206", /\(EAI_AGAIN\)\. Correct the address/],
    ["EHOSTUNREACH", "OC2206", /\(EHOSTUNREACH\)\. Correct the address/],
    ["ENETUNREACH", "OC2206", /\(ENETUNREACH\)\. Correct the address/],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "OC2207", /\(DEPTH_ZERO_SELF_SIGNED_CERT\): .* Check .*DOCKER_CERT_PATH/],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "OC2207", /Check .*ca\.pem/],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "OC2505", /\(ERR_SSL_WRONG_VERSION_NUMBER\)\. Use the port .*DOCKER_TLS_VERIFY/],
    ["CERT_HAS_EXPIRED", "OC2504", /clock\.$/],
    // Node's code for an engine's certificate that is signed by another CA than ca.pem.
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "OC2207", /Check .*ca\.pem/],
    ["ECONNRESET", "OC2208", /: connect ECONNRESET\. Check with `docker version` .*DOCKER_TLS_VERIFY/],
  ];
  for (const [nodeCode, code, advice] of failures) {
    it(`explains ${nodeCode} as ${code}`, () => {
      const cause = connectionError(nodeCode);
      const error = explainUnreachable(cause, { address });
      assert.ok(error instanceof UnreachableError);
      assertTwoSentences(error.message);
      assertMatchesEntry(error.message, code);
      assert.match(error.message, advice);
      assert.ok(error.message.includes(address), error.message);
      assert.equal(error.cause, cause);
    });
  }

  it("names the setting that the address is from", () => {
    const { message } = explainUnreachable(connectionError("ENOENT"), { address, source: "DOCKER_HOST" });
    assert.match(
      message,
      /^OC2202: There is no Docker engine at unix:\/\/\/var\/run\/docker\.sock \(from DOCKER_HOST\): /,
    );
  });

  it("explains an AggregateError of Node, which tried several addresses of a host", () => {
    const tries = new AggregateError([connectionError("ECONNREFUSED"), connectionError("ECONNREFUSED")]);
    const cause = Object.assign(tries, { code: "ECONNREFUSED" });
    assertMatchesEntry(explainUnreachable(cause, { address }).message, "OC2203");
  });

  it("explains the response of another service, without the parser's own message", () => {
    const version = z.object({ ApiVersion: z.string() });
    const { message } = explainUnreachable(version.safeParse({}).error, { address });
    assert.match(message, /^OC2208: .*: it reports no API version, so it is not a Docker engine\. /);
    const info = z.object({ ApiVersion: z.string(), ID: z.string() });
    const misread = explainUnreachable(info.safeParse({ ApiVersion: "1.41" }).error, { address });
    assert.match(misread.message, /^OC2208: .*: its response has no valid ID, so it is not a Docker engine\. /);
  });

  it("explains a thrown value that is no error", () => {
    const { message } = explainUnreachable("no", { address });
    assert.match(message, /^OC2208: .*: no\. /);
  });

  it("explains a lost ssh connection as such, and not as a host that cannot be reached", () => {
    const address = "ssh://me@host";
    const text = "Timeout, server host not responding.\r\n";
    const lost = explainUnreachable(new SshError(255, text, true), { address });
    assertTwoSentences(lost.message);
    assertMatchesEntry(lost.message, "OC2512");
    assertMatchesEntry(explainUnreachable(new SshError(255, text, false), { address }).message, "OC2508");
  });

  it("returns an error that is explained already", () => {
    const explained = new UnreachableError("OC2202", "There is no engine", "Start it");
    assert.equal(explainUnreachable(explained, { address }), explained);
  });
});

describe("a bug of this program", () => {
  it("stays the error that it is, with its stack trace, and is not reported as the engine's failure", () => {
    const schema = z.object({ Id: z.string() });
    const { error: misread } = schema.safeParse({});
    for (const bug of [new TypeError("x is not a function"), new Error("no such case"), misread]) {
      assert.equal(explain(bug, { address }), bug);
    }
    const bug = new TypeError("x is not a function");
    assert.equal(explainUnreachable(bug, { address }), bug);
    // A first response that cannot be parsed is from another service than an engine.
    assert.ok(explainUnreachable(misread, { address }) instanceof UnreachableError);
  });
});

describe("explain", () => {
  const noShell =
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown';
  const refusals: [what: string, status: number, text: string, code: Code, advice: RegExp][] = [
    ["a full disk", 500, "write /var/lib/docker/tmp/x: no space left on device", "OC2214", /docker system prune/],
    [
      "an exhausted quota",
      500,
      "mkdir /var/lib/docker/volumes/x: disk quota exceeded",
      "OC2214",
      /docker system prune/,
    ],
    ["a removed image", 404, "No such image: alpine:3", "OC2215", /"alpine:3" .* Run the same command again/],
    ["a missing shell", 400, noShell, "OC2216", /"alpine:3" .* Set docker\.image .*`sleep` and `rm`\.$/],
    [
      "process limits that the engine may not set",
      500,
      "runc: runc create failed: unable to start container process: error during container init: error setting rlimits for ready process: error setting rlimit type 7: operation not permitted: OCI permission denied",
      "OC2308",
      /Run it with CAP_SYS_RESOURCE, .*"disabled"}\.$/,
    ],
    ["any other refusal", 409, "volume is in use", "OC2217", /\(HTTP 409\): volume is in use\. See the engine's log/],
  ];
  for (const [what, status, text, code, advice] of refusals) {
    it(`explains ${what} as ${code}`, () => {
      const cause = refusal(status, text);
      const error = explain(cause, { address }, "alpine:3");
      assert.ok(error instanceof BackendError && !(error instanceof UnreachableError));
      assertTwoSentences(error.message);
      assertMatchesEntry(error.message, code);
      assert.match(error.message, advice);
      assert.equal(error.cause, cause);
    });
  }

  it("leaves the image's name out where it is unknown", () => {
    assert.match(explain(refusal(404, "No such image: x"), { address }).message, /^OC2215: The image was removed/);
  });

  it("explains a connection that was closed as an unreachable engine", () => {
    assert.ok(explain(connectionError("ECONNRESET"), { address }) instanceof UnreachableError);
  });

  it("returns an error that is explained already", () => {
    const explained = new BackendError("OC2214", "It is full", "Free disk space");
    assert.equal(explain(explained, { address }), explained);
  });
});

describe("failureText", () => {
  it("returns an engine's message, whether its response is JSON or not", () => {
    assert.equal(failureText(refusal(500, "no space left on device")), "no space left on device");
    const plain = "(HTTP code 400) unexpected - Client sent an HTTP request to an HTTPS server.\n ";
    const error = Object.assign(new Error(plain), { statusCode: 400, json: Buffer.from("Client sent") });
    assert.equal(failureText(error), "Client sent an HTTP request to an HTTPS server");
    assert.equal(failureText("no"), "no");
  });

  it("has no character of an engine or a registry that a terminal interprets, or that turns text around", () => {
    const text = "\u001b[31mdenied\u202e \u009b2J\u200b\u2028by\u0007 the\u2066 registry\u0000";
    for (const error of [refusal(500, text), new Error(text), text]) {
      assert.equal(failureText(error), "[31mdenied 2J by the registry");
    }
    assert.equal(new SshError(255, text).message, "[31mdenied 2J by the registry");
  });
});

describe("failureStatus and failureCode", () => {
  it("read the client's errors, and find neither in another value", () => {
    assert.equal(failureStatus(refusal(404, "x")), 404);
    assert.equal(failureStatus(connectionError("ENOENT")), undefined);
    assert.equal(failureCode(connectionError("ENOENT")), "ENOENT");
    assert.equal(failureCode("no"), undefined);
    assert.equal(failureStatus("no"), undefined);
  });
});
