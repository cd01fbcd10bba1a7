import assert from "node:assert/strict";
import { type BackendError, UnreachableError } from "../../provider/backends/backend";
import type { Container } from "../../provider/model/container";
import { type ApiResponse, type Emulator, startEmulator } from "../../sdk/emulator";
import { named } from "../support/create-context";
import { createFailure } from "../support/create-failure";
import { hosted, hostedArgs, key } from "../support/hosted";
import { silent } from "../support/silent";

const requestId = "req_[0-9a-f]{32}";

describe("an error response of the hosted API", () => {
  let emulator: Emulator;

  afterEach(() => emulator.stop());

  async function create(changes: Partial<Container> = {}, env: NodeJS.ProcessEnv = {}): Promise<BackendError> {
    const backend = await hosted(emulator.baseUrl, env);
    return createFailure(backend.create(hostedArgs("analysis", changes), silent, named));
  }

  async function answered(answer: ApiResponse, times = 1): Promise<BackendError> {
    emulator = await startEmulator();
    emulator.fault({ method: "POST", answer, times });
    return create();
  }

  const body = (message: string, code: string | null = null, param: string | null = null) => ({
    error: { message, type: "invalid_request_error", code, param },
  });

  it("to too many minutes names the argument", async () => {
    emulator = await startEmulator();
    const { message } = await create({ expiresAfter: { anchor: "last_active_at", minutes: 60 } });
    assert.match(
      message,
      new RegExp(
        `^OC2118: The API rejected expiresAfter\\.minutes \\(HTTP 400, integer_above_max_value, request ${requestId}\\): Invalid 'expires_after\\.minutes': integer above maximum value\\. Expected a value <= 20, but got 60 instead\\. Set a lower number; the hosted API is known to accept at most 20 for expiresAfter\\.minutes\\.$`,
      ),
    );
    assert.deepEqual(emulator.containers(), []);
  });

  it("to a domain outside the organization's list names its index in the program", async () => {
    emulator = await startEmulator({ organizationDomains: ["api.github.com"] });
    const allowedDomains = ["api.github.com", "evil.example.com"];
    const { message } = await create({ networkPolicy: { type: "allowlist", allowedDomains } });
    assert.match(
      message,
      /^OC2118: The API rejected networkPolicy\.allowedDomains\[1\] \(HTTP 400.* Correct networkPolicy/,
    );
  });

  it("to an unknown key names the source of the key", async () => {
    emulator = await startEmulator({ keys: ["another"] });
    const { message } = await create();
    assert.match(
      message,
      new RegExp(
        `^OC2111: The API rejected the key from OPENAI_API_KEY \\(HTTP 401, invalid_api_key, request ${requestId}\\): Incorrect API key provided: \\[key\\]\\. You can find .* Set it to a valid key of the intended account\\.$`,
      ),
    );
  });

  it("to a key without permission names the source of the key", async () => {
    const { message } = await answered({ status: 403, body: body("You have insufficient permissions.") });
    assert.match(
      message,
      /^OC2112: The key from OPENAI_API_KEY lacks permission for this request \(HTTP 403, request .*\): You have insufficient permissions\. Give the key permission/,
    );
  });

  it("to a file that does not exist names the argument", async () => {
    const { message } = await answered({ status: 404, body: body("No such file.", "not_found", "file_ids[0]") });
    assert.match(
      message,
      /^OC2118: The API rejected fileIds\[0\] \(HTTP 404, not_found, request .*\): No such file\. Correct fileIds\[0\]\.$/,
    );
  });

  it("409 advises to run the command again", async () => {
    const { message } = await answered({ status: 409, body: body("Try later.") });
    assert.match(
      message,
      /^OC2114: The request conflicts with another one \(HTTP 409, .*\): Try later\. Run the same command/,
    );
  });

  it("413 advises to make the skills smaller", async () => {
    const { message } = await answered({ status: 413, body: "<html>nginx</html>" });
    assert.match(message, /^OC2109: The server at http.* is not the Containers API: it sent a web page \(HTTP 413, /);
    await emulator.stop();
    const { message: own } = await answered({ status: 413, body: body("Too large.") });
    assert.match(
      own,
      /^OC2115: The request is too large for the API \(HTTP 413, .*\): Too large\. Make the inline skills smaller/,
    );
  });

  it("422 names the argument", async () => {
    const { message } = await answered({ status: 422, body: body("No.", "bad", "skills[0].skill_id") });
    assert.match(
      message,
      /^OC2118: The API rejected skills\[0\]\.skillId \(HTTP 422, bad, .*\): No\. Correct skills\[0\]\.skillId\.$/,
    );
  });

  it("429 fails at once where the API asks for a longer pause than the time limit", async () => {
    const headers = { "retry-after": "3600" };
    const failure = await answered({ status: 429, headers, body: body("Slow down.", "rate_limit_exceeded") });
    assert.match(
      failure.message,
      /^OC2116: The API's rate limit was exceeded, and retries did not help \(HTTP 429, rate_limit_exceeded, .*\): Slow down\. Run the same command later, or set openai-containers:requestsPerMinute/,
    );
    assert.ok(failure instanceof UnreachableError);
    assert.equal(emulator.requests.length, 1);
  });

  it("429 for a used-up quota is not retried", async () => {
    const failure = await answered({ status: 429, body: body("You exceeded your quota.", "insufficient_quota") }, 9);
    assert.match(
      failure.message,
      /^OC2117: The account's quota is used up \(HTTP 429, insufficient_quota, .* Check its plan/,
    );
    assert.equal(emulator.requests.length, 1);
  });

  it("503 to each attempt fails with OC2125", async () => {
    const failure = await answered({ status: 503, body: "<html>Service Unavailable</html>" }, 9);
    assert.match(
      failure.message,
      new RegExp(
        `^OC2125: The container "analysis" was requested 3 times and is in no list: The API at ${emulator.baseUrl} \\(from OPENAI_BASE_URL\\) failed \\(HTTP 503, request ${requestId}\\)\\. Run the same command again; .* https://status\\.openai\\.com`,
      ),
    );
    assert.deepEqual(emulator.containers(), []);
  });

  it("404 for a wrong base URL names its setting", async () => {
    emulator = await startEmulator();
    const backend = await hosted(emulator.baseUrl.replace("/v1", "/openai"));
    const { message } = await createFailure(backend.create(hostedArgs("analysis"), silent, named));
    assert.match(
      message,
      /^OC2113: Not found at http:.*\/openai \(from OPENAI_BASE_URL\) \(HTTP 404, .*\): Invalid URL .* Correct OPENAI_BASE_URL, which usually ends in \/v1\.$/,
    );
  });

  it("is redacted where it echoes a secret that begins with another one", async () => {
    emulator = await startEmulator();
    emulator.fault({ answer: { status: 400, body: body("Invalid value 'abc-private-tail'.") } });
    const allowedDomains = ["api.github.com"];
    const secret = (name: string, value: string) => ({ domain: "api.github.com", name, value });
    const domainSecrets = [secret("ONE", "abc"), secret("TWO", "abc-private-tail")];
    const { message } = await create({ networkPolicy: { type: "allowlist", allowedDomains, domainSecrets } });
    assert.match(message, /: Invalid value '\[secret\]'\./);
  });

  it("is redacted where it echoes a secret and the key", async () => {
    const value = "ghp_0123456789";
    emulator = await startEmulator();
    emulator.fault({ answer: { status: 400, body: body(`Invalid header 'Bearer ${value}' with ${key}.`) } });
    const allowedDomains = ["api.github.com"];
    const domainSecrets = [{ domain: "api.github.com", name: "TOKEN", value }];
    const { message } = await create({ networkPolicy: { type: "allowlist", allowedDomains, domainSecrets } });
    assert.match(message, /: Invalid header 'Bearer \[secret\]' with \[secret\]\./);
  });
});
