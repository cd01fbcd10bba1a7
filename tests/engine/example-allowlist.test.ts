import assert from "node:assert/strict";
import { engine, image, inside } from "../support/docker";
import { gatewayImage } from "../support/live/images";
import { partsOf } from "../support/live/site";
import { Stack } from "../support/stack";

const token = "ghp_example-of-a-token";
const ask = `
from urllib.request import urlopen
from urllib.error import HTTPError
try:
    urlopen('http://example.com/')
except HTTPError as error:
    print(error.code, error.read().decode())
`;

describe("the example of an allow list", function () {
  this.timeout(120_000);

  it("creates a sandbox that has no token and reaches no other domain, and destroys it with its gateway", async () => {
    const { client } = await engine();
    const stack = new Stack().example("allowlist").init();
    let id = "";
    try {
      stack.configure("image", image);
      stack.configure("openai-containers:gatewayImage", gatewayImage);
      await stack.ok("config", "set", "--secret", "githubToken", token);
      await stack.up();
      id = stack.container().id ?? assert.fail("it has no id");

      const { text: environment } = await inside(client, id, "env");
      assert.match(environment, /^GITHUB_TOKEN=placeholder-[\da-f]{32}$/m);
      assert.ok(!environment.includes(token));

      const { text } = await inside(client, id, `python3 -c "${ask}"`);
      const reason = '"example.com" is not on the allow list (allowed: api.github.com)';
      assert.equal(text, `403 OC6001: blocked by the network policy of ${id}: ${reason}`);
    } finally {
      await stack.destroy();
      await stack.end({ containers: () => [] }); // the engine is checked below
    }
    assert.deepEqual(await partsOf(client, id), []);
  });
});
