import assert from "node:assert/strict";
import { StalledError } from "../../provider/backends/docker/images/progress";
import { explainPull } from "../../provider/backends/docker/images/pull-failure";
import type { Code } from "../../provider/codes";
import { engineWith } from "../support/engine-with";
import { assertMatchesEntry } from "../support/matches-entry";

const image = "registry.example.com/team/image:1";
const v2 = "https://registry.example.com/v2/";

describe("explainPull", () => {
  const messageFor = (error: unknown) => explainPull(error, engineWith({}), image, "none").message;

  /** As Docker 20.10 and Podman 4.3 wrote them, and as users of Docker with containerd's image store report them. */
  const texts: [text: string, code: Code][] = [
    [`Head "${v2}team/image/manifests/1": no basic auth credentials`, "OC2601"],
    ["pull access denied for team/image, repository does not exist or may require 'docker login': denied", "OC2601"],
    ["failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized", "OC2601"],
    ["unable to retrieve auth token: invalid username/password: unauthorized: incorrect username", "OC2601"],
    ["toomanyrequests: You have reached your pull rate limit. You may increase the limit", "OC2603"],
    [`unexpected status from HEAD request to ${v2}team/image/manifests/1: 429 Too Many Requests`, "OC2603"],
    ["manifest for registry.example.com/team/image:1 not found: manifest unknown: manifest unknown", "OC2604"],
    ['failed to resolve reference "registry.example.com/team/image:1": not found', "OC2604"],
    ["repository name not known to registry", "OC2604"],
    ["no matching manifest for linux/amd64 in the manifest list entries", "OC2605"],
    ["no match for platform in manifest: not found", "OC2605"],
    ['no image found in manifest list for architecture amd64, variant "", OS linux', "OC2605"],
    [`Get "${v2}": dial tcp: lookup registry.example.com on 127.0.0.53:53: no such host`, "OC2606"],
    [`Get "${v2}": dial tcp 192.0.2.1:443: connect: connection refused`, "OC2606"],
    [`Get "${v2}": net/http: request canceled while waiting for connection (Client.Timeout exceeded)`, "OC2606"],
    ["unexpected EOF", "OC2606"],
    [`Get "${v2}": http: server gave HTTP response to HTTPS client`, "OC2607"],
    [`Get "${v2}": tls: failed to verify certificate: x509: certificate signed by unknown authority`, "OC2607"],
    ["received unexpected HTTP status: 503 Service Unavailable", "OC2218"],
    ["write /var/lib/docker/tmp/GetImageBlob1: no space left on device", "OC2214"],
  ];
  for (const [text, code] of texts) {
    it(`explains as ${code}: ${text.slice(0, 70)}`, () => {
      const refusal = Object.assign(new Error(text), { statusCode: 500, json: { message: `${text}\n` } });
      for (const error of [refusal, new Error(text)]) {
        const message = messageFor(error);
        assertMatchesEntry(message, code);
        assert.match(message, /^OC2\d\d\d: [A-Z][^\n]+\. [A-Z][^\n]+[^.\s]\.$/);
        if (code !== "OC2214") assert.ok(message.includes(text), message);
      }
    });
  }

  it("tells a stalled pull, and an engine that waits for its registry, from an engine that is gone", () => {
    const failed = (code: string) => Object.assign(new Error("no response in 120 s"), { code });
    assertMatchesEntry(messageFor(new StalledError("no data in 600 s")), "OC2608");
    assertMatchesEntry(messageFor(failed("ETIMEDOUT")), "OC2608");
    assertMatchesEntry(messageFor(failed("ECONNRESET")), "OC2208");
  });

  it("shows no password and no token that a registry repeats", () => {
    for (const secret of [{ password: "canary" }, { identitytoken: "canary" }, { registrytoken: "canary" }]) {
      const auth = { serveraddress: "registry.example.com", username: "user", ...secret };
      const error = new Error("unauthorized: no user has canary, canary");
      const { message } = explainPull(error, engineWith({}), image, { auth, source: "docker-credential-test" });
      assertMatchesEntry(message, "OC2602");
      assert.ok(message.includes("no user has [secret], [secret]"), message);
    }
  });

  it("does not quote a password with characters that a message does not show", () => {
    const auth = { serveraddress: "registry.example.com", username: "user", password: "a  b\u200bc\u001bd" };
    const error = new Error(`denied: ${auth.password} is wrong`);
    const { message } = explainPull(error, engineWith({}), "registry.example.com/a", { auth, source: "a file" });
    assert.ok(message.includes("denied: [secret] is wrong"), message);
  });
});
