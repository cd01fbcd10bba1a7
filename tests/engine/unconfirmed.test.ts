import assert from "node:assert/strict";
import { startEmulator } from "../../sdk/emulator";
import { key } from "../support/hosted";
import { Stack } from "../support/stack";

const token = "ghp_notToBeSeenAnywhere0123456789";
const program = `
  new Container("closed", { networkPolicy: {
    type: "allowlist",
    allowedDomains: ["api.github.com"],
    domainSecrets: [{ domain: "api.github.com", name: "GITHUB_TOKEN", value: "${token}" }],
  } });
  new Container("large", { memoryLimit: "4g" });`;

describe("a stack on a service that does not confirm what was requested", function () {
  this.timeout(300_000);

  it("fails at each resource, and leaves no container in state or on the service", async () => {
    const emulator = await startEmulator();
    const stack = new Stack({ OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl });
    try {
      // Ignores memory_limit and does not report network_policy.
      emulator.fault({ method: "POST", times: 2, answer: { patch: { memory_limit: "1g", network_policy: null } } });
      stack.program(program).init();
      const { code, text } = await stack.run(["up", "--yes", "--skip-preview", "--suppress-progress"]);
      assert.notEqual(code, 0);
      const summary = text.slice(text.indexOf("Diagnostics:"));
      assert.match(
        summary,
        /:Container \(closed\):\n +OC3002: .*\n +error: .*OC2120: The API at http:\S+ \(from OPENAI_BASE_URL\) does not report networkPolicy\.allowedDomains of the new container, so nothing confirms that it reaches only api\.github\.com\. Container cntr_\w+ was deleted again\. Use a service/,
      );
      assert.match(
        summary,
        /:Container \(large\):\n +error: .*OC2119: The API at \S+ \(from OPENAI_BASE_URL\) did not create the container as requested: memoryLimit: requested "4g", reported "1g"\. Container cntr_\w+ was deleted again\. Correct OPENAI_BASE_URL/,
      );
      assert.doesNotMatch(text, /\n\s+at /);
      assert.ok(!text.includes(token));
      assert.deepEqual([stack.containers(), emulator.containers()], [[], []]);
    } finally {
      await stack.end(emulator).finally(() => emulator.stop());
    }
  });
});
