import assert from "node:assert/strict";
import { type BackendError, UnreachableError } from "../../provider/backends/backend";
import type { Container } from "../../provider/model/container";
import { type ApiResponse, type Emulator, startEmulator } from "../../sdk/emulator";
import { hosted, hostedArgs, key } from "../support/hosted";
import { named } from "../support/making";
import { failureOf } from "../support/refused";
import { silent } from "../support/silent";

const requestId = "req_[0-9a-f]{32}";

describe("what the hosted API refuses", () => {
  let emulator: Emulator;

  afterEach(() => emulator.stop());

  async function create(changes: Partial<Container> = {}, env: NodeJS.ProcessEnv = {}): Promise<BackendError> {
    const backend = await hosted(emulator.baseUrl, env);
    return failureOf(backend.create(hostedArgs("analysis", changes), silent, named));
  }

  async function answered(answer: ApiResponse, times = 1): Promise<BackendError> {
    emulator = await startEmulator();
    emulator.fault({ method: "POST", answer, times });
    return create();
  }

  const body = (message: string, code: string | null = null, param: string | null = null) => ({
    error: { message, type: "invalid_request_error", code, param },
  });

  it("more minutes than the hosted maximum, by the argument's name", async () => {
    emulator = await startEmulator();
    const { message } = await create({ expiresAfter: { anchor: "last_active_at", minutes: 60 } });
    assert.match(
      message,
      new RegExp(
        `^The API refused expiresAfter\\.minutes \\(HTTP 400, integer_above_max_value, request ${requestId}\\): Invalid 'expires_after\\.minutes': integer above maximum value\\. Expected a value <= 20, but got 60 instead\\. Set a lower number; of expiresAfter\\.minutes, the hosted API is known to take at most 20\\.$`,
      ),
    );
    assert.deepEqual(emulator.containers(), []);
  });

  it("a domain outside the organization's list, by its place in the program", async () => {
    emulator = await startEmulator({ organizationDomains: ["api.github.com"] });
    const allowedDomains = ["api.github.com", "evil.example.com"];
    const { message } = await create({ networkPolicy: { type: "allowlist", allowedDomains } });
    assert.match(message, /^The API refused networkPolicy\.allowedDomains\[1\] \(HTTP 400.* Correct networkPolicy/);
  });

  it("a key that it does not know", async () => {
    emulator = await startEmulator({ keys: ["another"] });
    const { message } = await create();
    assert.match(
      message,
      new RegExp(
        `^The API does not accept the key from OPENAI_API_KEY \\(HTTP 401, invalid_api_key, request ${requestId}\\): Incorrect API key provided: \\[key\\]\\. You can find .* Give it a valid key of the account that is meant\\.$`,
      ),
    );
  });

  it("a key without permission", async () => {
    const { message } = await answered({ status: 403, body: body("You have insufficient permissions.") });
    assert.match(
      message,
      /^The API does not allow this with the key from OPENAI_API_KEY \(HTTP 403, request .*\): You have insufficient permissions\. Give the key permission/,
    );
  });

  it("a file that is not there, by the argument's name", async () => {
    const { message } = await answered({ status: 404, body: body("No such file.", "not_found", "file_ids[0]") });
    assert.match(
      message,
      /^The API refused fileIds\[0\] \(HTTP 404, not_found, request .*\): No such file\. Correct fileIds\[0\]\.$/,
    );
  });

  it("a conflict", async () => {
    const { message } = await answered({ status: 409, body: body("Try later.") });
    assert.match(
      message,
      /^The API has a conflict with another request \(HTTP 409, .*\): Try later\. Run the same command/,
    );
  });

  it("a body that is too large", async () => {
    const { message } = await answered({ status: 413, body: "<html>nginx</html>" });
    assert.match(message, /^What answers at http.* is not the Containers API: it sent a web page \(HTTP 413, /);
    await emulator.stop();
    const { message: own } = await answered({ status: 413, body: body("Too large.") });
    assert.match(
      own,
      /^The API takes no request of this size \(HTTP 413, .*\): Too large\. Make the inline skills smaller/,
    );
  });

  it("what it cannot process", async () => {
    const { message } = await answered({ status: 422, body: body("No.", "bad", "skills[0].skill_id") });
    assert.match(
      message,
      /^The API refused skills\[0\]\.skillId \(HTTP 422, bad, .*\): No\. Correct skills\[0\]\.skillId\.$/,
    );
  });

  it("too many requests for longer than anybody waits", async () => {
    const headers = { "retry-after": "3600" };
    const failure = await answered({ status: 429, headers, body: body("Slow down.", "rate_limit_exceeded") });
    assert.match(
      failure.message,
      /^The API's limit of requests is used up, and waiting did not help \(HTTP 429, rate_limit_exceeded, .*\): Slow down\. Run the same command later, or set openai-containers:requestsPerMinute/,
    );
    assert.ok(failure instanceof UnreachableError);
    assert.equal(emulator.requests.length, 1);
  });

  it("a quota that is used up, for which waiting is no use", async () => {
    const failure = await answered({ status: 429, body: body("You exceeded your quota.", "insufficient_quota") }, 9);
    assert.match(failure.message, /^The account's quota is used up \(HTTP 429, insufficient_quota, .* See to its plan/);
    assert.equal(emulator.requests.length, 1);
  });

  it("with a failure inside, for longer than it is tried", async () => {
    const failure = await answered({ status: 503, body: "<html>Service Unavailable</html>" }, 9);
    assert.match(
      failure.message,
      new RegExp(
        `^The API at ${emulator.baseUrl} \\(from OPENAI_BASE_URL\\) failed \\(HTTP 503, request ${requestId}\\)\\. Creating "analysis" was asked for 3 times, and no list tells of it\\. Run the same command again; https://status\\.openai\\.com`,
      ),
    );
    assert.deepEqual(emulator.containers(), []);
  });

  it("an address that is not the API's", async () => {
    emulator = await startEmulator();
    const backend = await hosted(emulator.baseUrl.replace("/v1", "/openai"));
    const { message } = await failureOf(backend.create(hostedArgs("analysis"), silent, named));
    assert.match(
      message,
      /^There is no such thing at http:.*\/openai \(from OPENAI_BASE_URL\) \(HTTP 404, .*\): Invalid URL .* Correct OPENAI_BASE_URL, which usually ends in \/v1\.$/,
    );
  });

  it("and echoes a secret that begins with another one", async () => {
    emulator = await startEmulator();
    emulator.fault({ answer: { status: 400, body: body("Invalid value 'abc-private-tail'.") } });
    const allowedDomains = ["api.github.com"];
    const secret = (name: string, value: string) => ({ domain: "api.github.com", name, value });
    const domainSecrets = [secret("ONE", "abc"), secret("TWO", "abc-private-tail")];
    const { message } = await create({ networkPolicy: { type: "allowlist", allowedDomains, domainSecrets } });
    assert.match(message, /: Invalid value '\[secret\]'\./);
  });

  it("and echoes a secret, which no message repeats", async () => {
    const value = "ghp_0123456789";
    emulator = await startEmulator();
    emulator.fault({ answer: { status: 400, body: body(`Invalid header 'Bearer ${value}' with ${key}.`) } });
    const allowedDomains = ["api.github.com"];
    const domainSecrets = [{ domain: "api.github.com", name: "TOKEN", value }];
    const { message } = await create({ networkPolicy: { type: "allowlist", allowedDomains, domainSecrets } });
    assert.match(message, /: Invalid header 'Bearer \[secret\]' with \[secret\]\./);
  });
});
