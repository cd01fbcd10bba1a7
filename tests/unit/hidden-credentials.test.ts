import assert from "node:assert/strict";
import { inspect } from "node:util";
import Docker from "dockerode";
import { withHiddenCredentials } from "../../provider/backends/docker/engine/hidden-credentials";

describe("withHiddenCredentials", () => {
  it("sends the credentials of a pull to the engine, and leaves none in what DEBUG=modem prints", async () => {
    const client = new Docker({ socketPath: "/nonexistent" });
    const sent: { headers: Record<string, string> }[] = [];
    // The client prints the first argument of this method.
    Object.assign(client.modem, {
      buildRequest: (options: { headers: Record<string, string> }, _: unknown, __: unknown, done: () => void) => {
        sent.push(options);
        done();
      },
    });
    const authconfig = { username: "user", password: "canary?>~\u00ff", serveraddress: "registry.example.com" };
    await withHiddenCredentials(client).pull("registry.example.com/image:1", { authconfig });

    const header = sent[0]?.headers["X-Registry-Auth"] ?? "";
    assert.deepEqual(JSON.parse(Buffer.from(header, "base64url").toString()), authconfig);
    assert.match(header, /^[\w-]+=*$/);
    assert.equal(header.length % 4, 0, "engines read no base64 without its padding");
    const printed = inspect(sent, { showHidden: true, depth: null });
    assert.match(printed, /images\/create\?/);
    assert.doesNotMatch(printed, /canary/);
    assert.ok(!printed.includes(header.slice(0, 20)), printed);
  });
});
