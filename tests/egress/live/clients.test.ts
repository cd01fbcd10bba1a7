import assert from "node:assert/strict";
import { type LiveSandbox, secret, useLiveSite } from "../../support/live/site";

/** What people use to reach the network, as it comes. */
describe("clients in a sandbox with an allow list", function () {
  this.timeout(120_000);
  const site = useLiveSite();
  let sandbox: LiveSandbox;
  before(async () => {
    sandbox = await site().addSandbox();
  });

  const echoed = "https://a.example/echo";
  const clients: [what: string, command: string][] = [["curl", `curl -sS -H "Authorization: Bearer $TOKEN" ${echoed}`]];
  for (const [what, command] of clients) {
    it(`reach an allowed domain, with its secret: ${what}`, async () => {
      const { code, text } = await sandbox.run(command);
      assert.equal(code, 0, text);
      assert.match(
        await site().upstream.received(),
        new RegExp(`uthorization: Bearer ${secret.value.replace(/[+]/g, "\\+")}`),
      );
      assert.ok(!text.includes(secret.value));
    });
  }
});
