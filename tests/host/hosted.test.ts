import assert from "node:assert/strict";
import { type Emulator, ManualClock, startEmulator } from "../../sdk/emulator";
import { HostStack } from "../support/host/host-stack";
import { key } from "../support/hosted";
import { assertLines } from "../support/lines";

const same = { op: "same", reasons: [], changed: [] };

/** Every argument of the API. */
const full = {
  memoryLimit: "1g",
  expiresAfter: { anchor: "last_active_at", minutes: 15 },
  networkPolicy: {
    type: "allowlist",
    allowedDomains: ["API.GitHub.com.", "pypi.example.com"],
    domainSecrets: [{ domain: "api.github.com", name: "GITHUB_TOKEN", value: "ghp_notToBeSeenAnywhere0123456789" }],
  },
  fileIds: ["file-1", "file-2"],
  skills: [{ type: "skill_reference", skillId: "openai-spreadsheets", version: 2 }],
};

describe("runs on the hosted API", function () {
  this.timeout(180_000);
  const clock = new ManualClock();
  let emulator: Emulator;
  let stack: HostStack;

  /** The requests since the last call. */
  let counted = 0;
  function requests(): string[] {
    const since = emulator.requests.slice(counted).map(({ method, path }) => `${method} ${path}`);
    counted = emulator.requests.length;
    return since.map((request) => request.replace(/cntr_\w+/, "ID")).sort();
  }

  before(async () => {
    emulator = await startEmulator({ clock, requestsPerMinute: 100_000 });
    for (const id of full.fileIds) emulator.addFile({ id, name: `${id}.csv`, content: "1,2" });
    stack = new HostStack({ OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl });
    await stack.containers({ full, plain: {} }).up();
    requests();
  });
  after(() => stack.end(emulator).finally(() => emulator.stop()));

  it("show no change of an unchanged program minutes later, with one list request for all containers", async () => {
    clock.advance(6 * 60_000);
    emulator.touch(stack.idOf("full"));
    clock.advance(6 * 60_000);
    const { steps, warnings } = await stack.up();
    assert.deepEqual([steps, warnings], [{ full: same, plain: same }, []]);
    assert.deepEqual(requests(), ["GET /v1/containers"]);
  });

  it("keep in a refresh the recorded arguments that the API does not report, with one list request", async () => {
    const before = structuredClone(stack.resources);
    const { steps, warnings } = await stack.refresh();
    assert.deepEqual([steps, warnings], [{ full: same, plain: same }, []]);
    assert.deepEqual(stack.resources, before);
    assert.deepEqual(requests(), ["GET /v1/containers"]);
  });

  it("replace only the container whose argument changed, with its files and skills", async () => {
    const [old, plain] = [stack.idOf("full"), stack.idOf("plain")];
    const changed = ["memoryLimit"];
    const { steps } = await stack.containers({ full: { ...full, memoryLimit: "4g" }, plain: {} }).up();
    assert.deepEqual(steps, { full: { op: "replace", reasons: changed, changed }, plain: same });
    assert.deepEqual(requests(), ["DELETE /v1/containers/ID", "GET /v1/containers", "POST /v1/containers"]);
    assert.notEqual(stack.idOf("full"), old);
    const { file_ids, skills } = emulator.bodyOf(stack.idOf("full")) ?? {};
    const skill = { type: "skill_reference", skill_id: "openai-spreadsheets", version: "2" };
    assert.deepEqual([file_ids, skills], [full.fileIds, [skill]]);
    assert.equal(stack.idOf("plain"), plain);
  });

  it("fail with the argument's name where the API rejects it, and leave nothing in state", async () => {
    const long = { expiresAfter: { anchor: "last_active_at", minutes: 21 } };
    const { problems } = await stack.containers({ plain: {}, long }).up();
    assertLines(problems["long"] ?? [], [
      /^OC2118: The API rejected expiresAfter\.minutes \(HTTP 400, integer_above_max_value, request req_\w+\)/,
    ]);
    assert.equal(stack.resources.has("long"), false);
    assert.equal(emulator.containers().length, 2);
    assert.deepEqual((await stack.containers({ plain: {} }).up()).steps, { plain: same });
  });

  it("skip the liveness check in a preview without an API key, with one warning for all containers", async () => {
    const { env } = stack;
    stack.env = { ...env, OPENAI_API_KEY: "" };
    const { steps, warnings } = await stack.containers({ full: { ...full, memoryLimit: "4g" }, plain: {} }).preview();
    stack.env = env;
    assertLines(warnings, [/^no resource: OC2007: skipped the liveness check: OC2101: There is no API key/]);
    assert.deepEqual(steps, { full: same, plain: same });
  });
});
