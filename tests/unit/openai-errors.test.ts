import assert from "node:assert/strict";
import { UnreachableError } from "../../provider/backends/backend";
import {
  explainRefusal,
  LostAnswerError,
  pauseOf,
  refusalOf,
  saysExpired,
  saysGone,
} from "../../provider/backends/openai/api-errors";
import { explainConnection } from "../../provider/backends/openai/connection-errors";

const access = {
  place: "HERE",
  placeSource: "OPENAI_BASE_URL",
  keySource: "OPENAI_API_KEY",
  accountSources: "OPENAI_ORG_ID and OPENAI_PROJECT_ID",
  limitSource: "openai-containers:requestsPerMinute",
  secrets: ["s3cret"],
};

describe("a connection that fails", () => {
  /** As the client and fetch wrap it. */
  const wrapped = (code: string) =>
    new Error("Connection error.", {
      cause: new TypeError("fetch failed", { cause: Object.assign(new Error("deep down."), { code }) }),
    });

  const never = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"];
  for (const code of never) {
    it(`sent nothing where it never stood: ${code}`, () => {
      const failure = explainConnection(wrapped(code), access);
      assert.ok(!(failure instanceof LostAnswerError));
      assert.match(failure.message, new RegExp(`^No API can be reached at HERE \\(${code}\\)\\. `));
    });
  }

  for (const code of [
    "CERT_HAS_EXPIRED",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "SELF_SIGNED_CERT_IN_CHAIN",
  ]) {
    it(`sent nothing where the certificate is not trusted: ${code}`, () => {
      const failure = explainConnection(wrapped(code), access);
      assert.ok(!(failure instanceof LostAnswerError));
      assert.match(failure.message, new RegExp(`^The certificate at HERE is not trusted here \\(${code}\\)\\. `));
    });
  }

  it("may have sent all in any other case, which is told by the code or else by the deepest reason", () => {
    for (const [error, reason] of [
      [wrapped("ECONNRESET"), "ECONNRESET"],
      [new Error("Request timed out.", { cause: new Error("The wire is cut.") }), "The wire is cut"],
      [new Error("Request timed out."), "Request timed out"],
      ["no error at all", "no error at all"],
    ] as const) {
      const failure = explainConnection(error, access);
      assert.ok(failure instanceof LostAnswerError);
      assert.equal(failure.message, `The answer from HERE was lost (${reason}). Run the same command again.`);
    }
  });
});

describe("a refusal by the hosted API", () => {
  const refused = (status: number, headers: Record<string, string> = {}, error: unknown = undefined) => {
    const refusal = refusalOf({ status, error, headers: new Headers(headers), requestID: null });
    assert.ok(refusal);
    return refusal;
  };
  const says = (message: string, code: string | null = null) => ({ message, code, param: null });

  it("asks for a pause by its header, and for growing ones up to a minute without one that can be read", () => {
    for (const [header, before, pause] of [
      ["0", 3, 0],
      ["0.5", 3, 0.5],
      ["90", 0, 90],
      ["-1", 0, 1],
      ["Wed, 21 Oct 2026 07:28:00 GMT", 1, 2],
      ["", 5, 32],
      ["", 6, 60],
      ["", 40, 60],
    ] as const) {
      assert.equal(pauseOf(refused(429, { "retry-after": header }), before), pause, `${header}, ${before} before`);
    }
    assert.equal(pauseOf(refused(429), 0), 1);
  });

  it("is no matter of waiting where money is what lacks, or it is no limit at all", () => {
    for (const code of ["insufficient_quota", "billing_hard_limit_reached"]) {
      const quota = refused(429, { "retry-after": "1" }, says("No.", code));
      assert.equal(pauseOf(quota, 0), undefined);
      const failure = explainRefusal(quota, access);
      assert.match(failure.message, /^The account's quota is used up /);
      assert.ok(!(failure instanceof UnreachableError));
    }
    assert.equal(pauseOf(refused(503, { "retry-after": "1" }), 0), undefined);
  });

  it("leaves open whether the work was done where the API failed or gave up waiting, and nowhere else", () => {
    for (const status of [408, 500, 502, 503, 504, 520]) {
      const failure = explainRefusal(refused(status), access);
      assert.ok(failure instanceof LostAnswerError, String(status));
      assert.match(failure.message, new RegExp(`^The API at HERE failed \\(HTTP ${status}\\)\\. `));
    }
    for (const status of [400, 401, 403, 404, 409, 413, 422, 429]) {
      assert.ok(!(explainRefusal(refused(status), access) instanceof LostAnswerError), String(status));
    }
  });

  it("tells of an expired container by the API's own words and status", () => {
    assert.equal(saysExpired(refused(400, {}, says("Container is expired."))), true);
    assert.equal(saysExpired(refused(403, {}, says("Container is expired."))), false);
    assert.equal(saysExpired(refused(400, {}, says("Your plan is expired."))), false);
    assert.equal(saysExpired(refused(400)), false);
  });

  it("tells of a container that is gone by the API's own words about it", () => {
    assert.equal(saysGone(refused(404, {}, says("Container with id 'cntr_1' not found."))), true);
    assert.equal(saysGone(refused(403, {}, says("Container with id 'cntr_1' not found."))), false);
    assert.equal(saysGone(refused(404, {}, says("Invalid URL (GET /v2)"))), false);
    assert.equal(saysGone(refused(404, {}, says(""))), false);
    assert.equal(saysGone(refused(404)), false);
  });

  it("repeats no secret and no key, however often the words have them", () => {
    const words = "s3cret, s3cret, sk-proj-****************6759 and sk-abc_DEF-1.";
    assert.equal(
      explainRefusal(refused(400, {}, says(words)), access).message,
      "The API refused this (HTTP 400): [secret], [secret], [key] and [key]. Correct what it names.",
    );
  });

  it("repeats no secret in the spellings of JSON, URLs and base64", () => {
    const secret = 'canary"val/ue+x';
    const spelled = [JSON.stringify(secret), encodeURIComponent(secret), Buffer.from(secret).toString("base64")];
    const words = `${spelled.join(" ")} \ud800`;
    const { message } = explainRefusal(refused(400, {}, says(words)), { ...access, secrets: [secret, "\ud800half"] });
    assert.doesNotMatch(message, /canary|Y2FuYXJ5/);
    assert.equal(message.split("[secret]").length - 1, 3);
  });

  it("is understood as far as it goes, whatever shape its error has", () => {
    for (const error of [undefined, null, "no", [], { message: 5, code: [], param: {} }, says("")]) {
      assert.equal(
        explainRefusal(refused(422, {}, error), access).message,
        "The API refused this (HTTP 422). Correct what it names.",
      );
    }
  });
});
