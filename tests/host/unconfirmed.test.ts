import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { HostStack } from "../support/host/host-stack";
import { key } from "../support/hosted";
import { assertLines } from "../support/lines";

describe("containers on a service that does not confirm what was requested", function () {
  this.timeout(180_000);
  let emulator: Emulator;
  let stack: HostStack;

  before(async () => {
    emulator = await startEmulator();
    stack = new HostStack({ OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl });
  });
  after(() => stack.end(emulator).finally(() => emulator.stop()));

  it("cause a warning for an allow list that the stack accepts unconfirmed, and one for the run about defaults", async () => {
    emulator.fault({ method: "POST", times: 2, answer: { patch: { expires_after: null, network_policy: null } } });
    stack.config = { "openai-containers:acceptUnconfirmedNetworkPolicy": "true" };
    const networkPolicy = { type: "allowlist", allowedDomains: ["api.github.com"] };
    const { warnings } = await stack.containers({ closed: { networkPolicy }, large: { memoryLimit: "4g" } }).up();
    const api = `the API at ${emulator.baseUrl} \\(from OPENAI_BASE_URL\\)`;
    assertLines(warnings, [
      new RegExp(`^closed: OC2121: networkPolicy\\.allowedDomains, expiresAfter not confirmed: ${api}`),
      new RegExp(`^no resource: OC2121: networkPolicy, expiresAfter not confirmed: ${api}`),
    ]);
    assert.equal(emulator.containers().length, 2);
  });

  it("are kept in state where they could not be deleted, and by the next up once the service reports them as requested", async () => {
    emulator.fault({ method: "POST", answer: { patch: { memory_limit: "1g" } } });
    emulator.fault({ method: "DELETE", times: 5, answer: { status: 500 } });
    const { problems } = await stack.containers({ stuck: { memoryLimit: "16g" } }).up();
    assertLines(problems["stuck"] ?? [], [/OC2012: .*requested "16g", reported "1g"\. .* Removing it failed, too: /]);
    const id = stack.idOf("stuck");
    assert.equal(stack.resources.get("stuck")?.outputs["status"], "provisioning");
    const { steps } = await stack.up();
    assert.deepEqual(steps["stuck"], { op: "update", reasons: [], changed: [] });
    const { outputs } = stack.resources.get("stuck") ?? {};
    assert.deepEqual([stack.idOf("stuck"), outputs?.["status"], outputs?.["memoryLimit"]], [id, "running", "16g"]);
    assert.equal(emulator.containers().filter(({ name }) => name.endsWith("-stuck")).length, 1);
  });
});
