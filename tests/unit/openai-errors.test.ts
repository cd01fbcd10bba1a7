import assert from "node:assert/strict";
import { UnreachableError } from "../../provider/backends/backend";
import {
  errorResponseOf,
  isExpired,
  isNotFound,
  LostResponseError,
  retryDelayOf,
} from "../../provider/backends/openai/api-error";
import { explainConnectionError } from "../../provider/backends/openai/explain-connection-error";
import { explainErrorResponse } from "../../provider/backends/openai/explain-error-response";

const access = {
  address: "HERE",
  addressSource: "OPENAI_BASE_URL",
  keySource: "OPENAI_API_KEY",
  accountSources: "OPENAI_ORG_ID and OPENAI_PROJECT_ID",
  rateLimitSource: "openai-containers:requestsPerMinute",
  secrets: ["s3cret"],
  isOpenAI: true,
  acceptUnconfirmedNetworkPolicy: { value: "false", source: "the default" },
};

describe("explainConnectionError", () => {
  /** As the client and fetch wrap it. */
  const wrapped = (code: string) =>
    new Error("Connection error.", {
      cause: new TypeError("fetch failed", { cause: Object.assign(new Error("deep down."), { code }) }),
    });

  const never = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"];
  for (const code of never) {
    it(`reports that nothing was sent where no connection was established: ${code}`, () => {
      const failure = explainConnectionError(wrapped(code), access);
      assert.ok(!(failure instanceof LostResponseError));
      assert.match(failure.message, new RegExp(`^OC2105: Cannot connect to the API at HERE: ${code}\\. `));
    });
  }

  for (const code of [
    "CERT_HAS_EXPIRED",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "SELF_SIGNED_CERT_IN_CHAIN",
  ]) {
    it(`reports that nothing was sent where the certificate is not trusted: ${code}`, () => {
      const failure = explainConnectionError(wrapped(code), access);
      assert.ok(!(failure instanceof LostResponseError));
      assert.match(
        failure.message,
        new RegExp(`^OC2106: The TLS certificate of the API at HERE is not trusted: ${code}\\. `),
      );
    });
  }

  it("reports a lost response for any other failure, with its code or its deepest reason", () => {
    for (const [error, reason] of [
      [wrapped("ECONNRESET"), "ECONNRESET"],
      [new Error("Request timed out.", { cause: new Error("The wire is cut.") }), "The wire is cut"],
      [new Error("Request timed out."), "the request timed out"],
      ["no error at all", "no error at all"],
    ] as const) {
      const failure = explainConnectionError(error, access);
      assert.ok(failure instanceof LostResponseError);
      assert.equal(
        failure.message,
        `OC2107: The response from the API at HERE was lost: ${reason}. Run the same command again.`,
      );
    }
  });

  it("is redacted of every secret and key", () => {
    const quoted = 'Headers.append: "Bearer s3cret sk-proj-CANARY" is an invalid header value.';
    const failure = explainConnectionError(new TypeError(quoted), access);
    assert.match(failure.message, /Headers\.append: "Bearer \[secret\] \[key\]" is an invalid header value/);
  });
});

describe("an error response of the hosted API", () => {
  const refused = (status: number, headers: Record<string, string> = {}, error: unknown = undefined) => {
    const refusal = errorResponseOf({ status, error, headers: new Headers(headers), requestID: null });
    assert.ok(refusal);
    return refusal;
  };
  const says = (message: string, code: string | null = null) => ({ message, code, param: null });

  it("is retried after the Retry-After header, or else after growing delays up to a minute", () => {
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
      assert.equal(retryDelayOf(refused(429, { "retry-after": header }), before), pause, `${header}, ${before} before`);
    }
    assert.equal(retryDelayOf(refused(429), 0), 1);
  });

  it("is not retried for a used-up quota, or for another status than 429", () => {
    for (const code of ["insufficient_quota", "billing_hard_limit_reached"]) {
      const quota = refused(429, { "retry-after": "1" }, says("No.", code));
      assert.equal(retryDelayOf(quota, 0), undefined);
      const failure = explainErrorResponse(quota, access);
      assert.match(failure.message, /^OC2117: The account's quota is used up /);
      assert.ok(!(failure instanceof UnreachableError));
    }
    assert.equal(retryDelayOf(refused(503, { "retry-after": "1" }), 0), undefined);
  });

  it("counts as a lost response for 408 and 5xx only", () => {
    for (const status of [408, 500, 502, 503, 504, 520]) {
      const failure = explainErrorResponse(refused(status), access);
      assert.ok(failure instanceof LostResponseError, String(status));
      assert.match(failure.message, new RegExp(`^OC2110: The API at HERE failed \\(HTTP ${status}\\)\\. `));
    }
    for (const status of [400, 401, 403, 404, 409, 413, 422, 429]) {
      assert.ok(!(explainErrorResponse(refused(status), access) instanceof LostResponseError), String(status));
    }
  });

  it("says that a container is expired by its status and message", () => {
    assert.equal(isExpired(refused(400, {}, says("Container is expired."))), true);
    assert.equal(isExpired(refused(403, {}, says("Container is expired."))), false);
    assert.equal(isExpired(refused(400, {}, says("Your plan is expired."))), false);
    assert.equal(isExpired(refused(400)), false);
  });

  it("says that a container is not found by its status and message", () => {
    assert.equal(isNotFound(refused(404, {}, says("Container with id 'cntr_1' not found."))), true);
    assert.equal(isNotFound(refused(403, {}, says("Container with id 'cntr_1' not found."))), false);
    assert.equal(isNotFound(refused(404, {}, says("Invalid URL (GET /v2)"))), false);
    assert.equal(isNotFound(refused(404, {}, says(""))), false);
    assert.equal(isNotFound(refused(404)), false);
  });

  it("is redacted of every secret and key", () => {
    const words = "s3cret, s3cret, sk-proj-****************6759 and sk-abc_DEF-1.";
    assert.equal(
      explainErrorResponse(refused(400, {}, says(words)), access).message,
      "OC2118: The API rejected the request (HTTP 400): [secret], [secret], [key] and [key]. Correct the argument that the API names.",
    );
  });

  it("is redacted of secrets as JSON, URLs and base64 spell them", () => {
    const secret = 'canary"val/ue+x';
    const spelled = [JSON.stringify(secret), encodeURIComponent(secret), Buffer.from(secret).toString("base64")];
    const words = `${spelled.join(" ")} \ud800`;
    const { message } = explainErrorResponse(refused(400, {}, says(words)), {
      ...access,
      secrets: [secret, "\ud800half"],
    });
    assert.doesNotMatch(message, /canary|Y2FuYXJ5/);
    assert.equal(message.split("[secret]").length - 1, 3);
  });

  it("is explained with a body of any shape", () => {
    for (const error of [undefined, null, "no", [], { message: 5, code: [], param: {} }, says("")]) {
      assert.equal(
        explainErrorResponse(refused(422, {}, error), access).message,
        "OC2118: The API rejected the request (HTTP 422). Correct the argument that the API names.",
      );
    }
  });
});
