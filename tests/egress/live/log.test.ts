import assert from "node:assert/strict";
import { type LiveSandbox, secret, useLiveSite } from "../../support/live/site";
import { runMain } from "../../support/run-main";

/** The log of a sandbox's requests, for people and for programs. */
describe("the log of a sandbox's gateway", () => {
  const site = useLiveSite();
  let sandbox: LiveSandbox;
  before(async () => {
    sandbox = await site().addSandbox();
    await sandbox.run(
      `curl -sS -H "Authorization: Bearer $TOKEN" -H 'X-Private: header' -d 'a body' 'https://a.example.com/private/path?query=private'`,
    );
    await sandbox.run("curl -sS http://evil.example.com/private/path");
    await sandbox.run("curl -sS http://evil.example.com:8080/");
    await sandbox.run("curl -sS https://evil.example.com/");
    await sandbox.ask("exfiltrate.evil.example.com");
    await sandbox.logged(({ domain }) => domain === "exfiltrate.evil.example.com");
  });

  const egress = (...args: string[]) => runMain(["egress", ...args]);

  it("has time, sandbox, method, domain, decision, reason and bytes, and no contents", async () => {
    const found = (await sandbox.log()).filter(({ decision }) => decision);
    for (const { time, sandbox: of } of found) {
      assert.equal(of, sandbox.id);
      assert.ok(Math.abs(Date.parse(String(time)) - Date.now()) < 120_000);
    }
    const [begun] = (await sandbox.log()).filter(({ event, method }) => event === "begin" && method === "POST");
    assert.deepEqual([begun?.["domain"], begun?.["reason"]], ["a.example.com", "with the secret TOKEN"]);
    const post = found.find(({ method }) => method === "POST");
    assert.ok(Number(post?.["bytesDown"]) > 0);
    assert.deepEqual(
      { ...post, time: "", bytesDown: 0 },
      {
        ...{ time: "", sandbox: sandbox.id, via: "proxy", method: "POST", domain: "a.example.com", port: 443 },
        ...{
          decision: "allowed",
          reason: "with the secret TOKEN; masked in the response: the secret TOKEN",
          status: 200,
          bytesUp: 6,
          bytesDown: 0,
        },
        exchange: begun?.["exchange"],
      },
    );
    const denied = found.filter(({ decision }) => decision === "denied").map(({ domain, status }) => [domain, status]);
    assert.deepEqual(denied.slice(0, 4), [
      ["evil.example.com", 403],
      ["evil.example.com", 403],
      ["evil.example.com", 403],
      ["exfiltrate.evil.example.com", undefined],
    ]);
    const text = JSON.stringify(await sandbox.log());
    for (const word of ["private", "header", "a body", secret.value, "placeholder-", "Bearer"])
      assert.ok(!text.includes(word), word);
  });

  it("is shown by `openai-containers egress`, a line for each decision", async () => {
    const [exitCode, out, err] = await egress(sandbox.id);
    assert.deepEqual([exitCode, err], [0, ""]);
    const lines = out
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/^\S+ {2}/, "").replace(/down [1-9]\d*/, "down N"));
    assert.deepEqual(lines.slice(0, 2), ["(ready)", "(policy)"]);
    assert.deepEqual(lines.slice(2, 8), [
      "allowed  CONNECT a.example.com:443 200  up 0 down 0",
      "started  POST a.example.com:443  with the secret TOKEN",
      "allowed  POST a.example.com:443 200  up 6 down N  with the secret TOKEN; masked in the response: the secret TOKEN",
      'denied   GET evil.example.com:80 403  up 0 down 0  OC6001: "evil.example.com" is not on the allow list (allowed: a.example.com, b.example.com)',
      'denied   GET evil.example.com:8080 403  up 0 down 0  OC6001: "evil.example.com" is not on the allow list (allowed: a.example.com, b.example.com)',
      'denied   CONNECT evil.example.com:443 403  up 0 down 0  OC6001: "evil.example.com" is not on the allow list (allowed: a.example.com, b.example.com)',
    ]);
    assert.match(
      lines[8] ?? "",
      /^denied {3}dns exfiltrate\.evil\.example\.com:53 {2}up \d+ down N {2}OC6001: the name is not on the allow list$/,
    );
  });

  it("is an error for a container without a gateway", async () => {
    const [exitCode, out, err] = await egress("cntr_gone");
    assert.deepEqual([exitCode, out], [1, ""]);
    assert.match(
      err,
      /^OC2306: There is no gateway of cntr_gone at (docker|podman):\S+: the container has no allow list, was deleted, or is on another engine/,
    );
    assert.equal((await egress())[0], 2);
    assert.equal((await egress("a", "b"))[0], 2);
  });
});
