import assert from "node:assert/strict";
import { type ExpiringBackend, expiringBackends } from "../support/expiring-backend";
import { HostStack } from "../support/host/host-stack";
import { assertLines } from "../support/lines";

const setting = "openai-containers:liveness";

for (const [name, open] of Object.entries(expiringBackends)) {
  describe(`a stack with liveness checks switched off (${name})`, function () {
    this.timeout(180_000);
    let backend: ExpiringBackend;
    let stack: HostStack;

    const program = (memoryLimit: string) =>
      stack.containers({
        box: { ...backend.arguments, memoryLimit, expiresAfter: { anchor: "last_active_at", minutes: 1 } },
      });

    before(async () => {
      backend = await open();
      stack = new HostStack(backend.env);
      await program("1g").up();
      await backend.expired(stack.idOf("box"));
      stack.config = { [setting]: "false" };
    });
    after(() => stack.end(backend.holder).finally(() => backend.stop()));

    it("shows no change of an expired container, and sends the backend no request", async () => {
      backend.requests();
      const { steps, warnings } = await program("1g").preview();
      assert.deepEqual([steps["box"]?.op, warnings], ["same", []]);
      assert.deepEqual(backend.requests(), []);
    });

    it("shows the replacement of a container whose argument changed", async () => {
      const { steps, warnings } = await program("4g").preview();
      assert.deepEqual(steps["box"], { op: "replace", reasons: ["memoryLimit"], changed: ["memoryLimit"] });
      assert.deepEqual(warnings, []);
      assert.deepEqual(
        backend.requests().filter((request) => request.includes("/containers")),
        [],
      );
    });

    it("fails for an invalid setting with the valid values", async () => {
      stack.config = { [setting]: "no" };
      const { problems } = await program("1g").preview();
      assertLines(problems["box"] ?? [], [/OC1101: openai-containers:liveness is "no"\. It must be true or false/]);
    });

    it("checks liveness again with the setting true", async () => {
      stack.config = { [setting]: "true" };
      const { steps, warnings } = await program("1g").preview();
      assert.deepEqual(steps["box"], { op: "replace", reasons: ["expired"], changed: [] });
      assertLines(warnings, [/^box: OC2001: container .* expired .* ago/]);
    });
  });
}
