import assert from "node:assert/strict";
import { z } from "zod";
import { BackendError, UnreachableError } from "../../provider/backends/backend";
import {
  explain,
  explainUnreachable,
  failureCode,
  failureStatus,
} from "../../provider/backends/docker/engine/engine-errors";

const address = "unix:///var/run/docker.sock";

function assertTwoSentences(message: string): void {
  assert.match(message, /^[A-Z][^\n]+\. [A-Z][^\n]+[^.\s]\.$/);
  assert.equal(message.split(/\. (?=[A-Z])/).length, 2, message);
}

/** As Node gives it. */
function connectionError(code: string, message = `connect ${code}`): Error {
  return Object.assign(new Error(message), { code });
}

/** As the engine's client gives it. */
function refusal(statusCode: number, text: string): Error {
  const json = { message: `${text}\n` };
  return Object.assign(new Error(`(HTTP code ${statusCode}) unexpected - ${text}`), { statusCode, json });
}

describe("an engine that cannot be reached", () => {
  const codes: [code: string, words: RegExp][] = [
    ["ENOENT", /^There is no Docker engine at .* Start it/],
    ["ECONNREFUSED", /^No Docker engine answers at .* start the engine\.$/],
    ["EACCES", /^You may not use .* docker group .* rootless/],
    ["EPERM", /^You may not use .* docker group .* rootless/],
    ["ENOTFOUND", /cannot be found \(ENOTFOUND\)\. Correct the address/],
    ["EAI_AGAIN", /cannot be found \(EAI_AGAIN\)\. Correct the address/],
    ["EHOSTUNREACH", /cannot be found \(EHOSTUNREACH\)\. Correct the address/],
    ["ENETUNREACH", /cannot be found \(ENETUNREACH\)\. Correct the address/],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", /certificates \(DEPTH_ZERO_SELF_SIGNED_CERT\)\. Check DOCKER_TLS_VERIFY/],
    ["ERR_TLS_CERT_ALTNAME_INVALID", /certificates \(ERR_TLS_CERT_ALTNAME_INVALID\)\. Check .*ca\.pem/],
    ["ERR_SSL_WRONG_VERSION_NUMBER", /certificates \(ERR_SSL_WRONG_VERSION_NUMBER\)\. Check .*DOCKER_CERT_PATH/],
    // What Node says of an engine's certificate that is signed by an authority other than ca.pem.
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", /certificates \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)\. Check DOCKER_TLS_VERIFY/],
    ["ECONNRESET", /gave no usable answer \(connect ECONNRESET\)\. See whether it runs .*DOCKER_TLS_VERIFY/],
  ];
  for (const [code, words] of codes) {
    it(`is explained for ${code}`, () => {
      const cause = connectionError(code);
      const error = explainUnreachable(cause, { address, source: "usual place" });
      assert.ok(error instanceof UnreachableError);
      assertTwoSentences(error.message);
      assert.match(error.message, words);
      assert.ok(error.message.includes(address), error.message);
      assert.equal(error.cause, cause);
    });
  }

  it("is named with what named it", () => {
    const { message } = explainUnreachable(connectionError("ENOENT"), { address, source: "DOCKER_HOST" });
    assert.match(message, /^There is no Docker engine at unix:\/\/\/var\/run\/docker\.sock \(from DOCKER_HOST\)\. /);
  });

  it("is explained where Node tried several addresses of a host", () => {
    const tries = new AggregateError([connectionError("ECONNREFUSED"), connectionError("ECONNREFUSED")]);
    const cause = Object.assign(tries, { code: "ECONNREFUSED" });
    assert.match(
      explainUnreachable(cause, { address, source: "usual place" }).message,
      /^No Docker engine answers at /,
    );
  });

  it("is explained whatever was thrown", () => {
    const { message } = explainUnreachable("no", { address, source: "usual place" });
    assert.match(message, /gave no usable answer \(no\)\. /);
  });

  it("is explained once", () => {
    const explained = new UnreachableError("OC0000", "Nobody answers", "Start it");
    assert.equal(explainUnreachable(explained, { address, source: "usual place" }), explained);
  });
});

describe("a mistake of this program", () => {
  it("stays what it is, with its stack trace, and is never taken for the engine's failure", () => {
    const schema = z.object({ Id: z.string() });
    const { error: misread } = schema.safeParse({});
    for (const mistake of [new TypeError("x is not a function"), new Error("no such case"), misread]) {
      assert.equal(explain(mistake, { address }), mistake);
    }
    const mistake = new TypeError("x is not a function");
    assert.equal(explainUnreachable(mistake, { address, source: "usual place" }), mistake);
    // At the first question it says that something else than an engine answers there.
    assert.ok(explainUnreachable(misread, { address, source: "usual place" }) instanceof UnreachableError);
  });
});

describe("what an engine refuses", () => {
  const noShell =
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown';
  const texts: [what: string, status: number, text: string, words: RegExp][] = [
    ["a full disk", 500, "write /var/lib/docker/tmp/x: no space left on device", /^The disk .* is full\. .*prune/],
    ["a used-up quota", 500, "mkdir /var/lib/docker/volumes/x: disk quota exceeded", /^The disk .* is full\. .*prune/],
    [
      "a lost image",
      404,
      "No such image: alpine:3",
      /^The image "alpine:3" is no longer .* Run the same command again/,
    ],
    [
      "no shell",
      400,
      noShell,
      /^The image "alpine:3" has no shell: \/bin\/sh.* Set docker\.image .*`sleep` and `rm`\.$/,
    ],
    [
      "limits that it may not set",
      500,
      "runc: runc create failed: unable to start container process: error during container init: error setting rlimits for ready process: error setting rlimit type 7: operation not permitted: OCI permission denied",
      /may not set limits of a process .*Run it with CAP_SYS_RESOURCE, .*"disabled"}\.$/,
    ],
    [
      "anything else",
      409,
      "volume is in use",
      /refused \(HTTP 409: volume is in use\)\. The engine's log may say more/,
    ],
  ];
  for (const [what, status, text, words] of texts) {
    it(`is explained for ${what}`, () => {
      const cause = refusal(status, text);
      const error = explain(cause, { address }, "alpine:3");
      assert.ok(error instanceof BackendError && !(error instanceof UnreachableError));
      assertTwoSentences(error.message);
      assert.match(error.message, words);
      assert.equal(error.cause, cause);
    });
  }

  it("is explained without the image's name where it is not known", () => {
    assert.match(
      explain(refusal(404, "No such image: x"), { address }).message,
      /^The image is no longer on the engine/,
    );
  });

  it("is told from a connection that broke off", () => {
    assert.ok(explain(connectionError("ECONNRESET"), { address }) instanceof UnreachableError);
  });

  it("is explained once", () => {
    const explained = new BackendError("OC0000", "It is full", "Make room");
    assert.equal(explain(explained, { address }), explained);
  });

  it("is read from what the client throws", () => {
    assert.equal(failureStatus(refusal(404, "x")), 404);
    assert.equal(failureStatus(connectionError("ENOENT")), undefined);
    assert.equal(failureCode(connectionError("ENOENT")), "ENOENT");
    assert.equal(failureCode("no"), undefined);
    assert.equal(failureStatus("no"), undefined);
  });
});
