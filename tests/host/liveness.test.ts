import assert from "node:assert/strict";
import { HostStack } from "../support/host/host-stack";
import { type IdlePlace, idlePlaces } from "../support/idle-place";
import { assertLines } from "../support/lines";

const setting = "openai-containers:liveness";

for (const [name, open] of Object.entries(idlePlaces)) {
  describe(`a stack whose liveness checks are off (${name})`, function () {
    this.timeout(60_000);
    let place: IdlePlace;
    let stack: HostStack;

    const program = (memoryLimit: string) =>
      stack.containers({
        box: { ...place.arguments, memoryLimit, expiresAfter: { anchor: "last_active_at", minutes: 1 } },
      });

    before(async () => {
      place = await open();
      stack = new HostStack(place.env);
      await program("1g").up();
      await place.expired(stack.idOf("box"));
      stack.config = { [setting]: "false" };
    });
    after(() => stack.end(place.holder).finally(() => place.stop()));

    it("shows no change of a container that has expired, and asks the backend nothing", async () => {
      place.requests();
      const { steps, warnings } = await program("1g").preview();
      assert.deepEqual([steps["box"]?.op, warnings], ["same", []]);
      assert.deepEqual(place.requests(), []);
    });

    it("shows the replacement of a container whose argument changed", async () => {
      const { steps, warnings } = await program("4g").preview();
      assert.deepEqual(steps["box"], { op: "replace", reasons: ["memoryLimit"], changed: ["memoryLimit"] });
      assert.deepEqual(warnings, []);
      assert.deepEqual(
        place.requests().filter((request) => request.includes("/containers")),
        [],
      );
    });

    it("fails with the values of the setting where it has neither", async () => {
      stack.config = { [setting]: "no" };
      const { problems } = await program("1g").preview();
      assertLines(problems["box"] ?? [], [/OC1101: openai-containers:liveness is "no"\. It must be true or false/]);
    });

    it("checks again where the setting is true", async () => {
      stack.config = { [setting]: "true" };
      const { steps, warnings } = await program("1g").preview();
      assert.deepEqual(steps["box"], { op: "replace", reasons: ["expired"], changed: [] });
      assertLines(warnings, [/^box: OC2001: container .* expired .* ago/]);
    });
  });
}
