import assert from "node:assert/strict";
import { Authority } from "../../support/egress/authority";
import { type LiveSandbox, secret, useLiveSite } from "../../support/live/site";
import type { LiveUpstream } from "../../support/live/upstream";

/** Where a request goes, and what comes back: groups 13, 14, 17 and 18 of docs/allow-lists.md. */
describe("upstreams of a sandbox with an allow list", () => {
  const site = useLiveSite();
  const names = [
    "a.example.com",
    "b.example.com",
    "hidden.example.com",
    "several.example.com",
    "untrusted.example.com",
    "mistaken.example.com",
  ];
  const authority = new Authority();
  let sandbox: LiveSandbox;
  let hidden: LiveUpstream;
  let untrusted: LiveUpstream;
  let mistaken: LiveUpstream;
  before(async () => {
    // On a network whose range nobody has opened, where the gateway is all the same.
    const closed = await site().addNetwork();
    const names = ["hidden.example.com", "several.example.com"];
    hidden = await site().addUpstream(names, { network: closed.network });
    await site().addUpstream(["several.example.com"]);
    untrusted = await site().addUpstream(["untrusted.example.com"], { tls: authority.sign(["untrusted.example.com"]) });
    mistaken = await site().addUpstream(["mistaken.example.com"], { tls: site().authority.sign(["a.example.com"]) });
    sandbox = await site().addSandbox({
      allowedDomains: [
        ...["a.example.com", "b.example.com", "untrusted.example.com", "mistaken.example.com"],
        ...names,
      ],
      domainSecrets: ["a.example.com", "untrusted.example.com", "mistaken.example.com"].map((domain) => ({
        ...secret,
        domain,
      })),
    });
    await site().connectGateway(sandbox, closed.network);
  });
  after(() => authority.remove());

  const fetched = (url: string, ...more: string[]) =>
    sandbox.run(`curl -sS --max-time 10 -H "Authorization: Bearer $TOKEN" ${more.join(" ")} ${url} 2>&1`);

  it("13: are not dialled at a private address outside privateRanges", async () => {
    for (const url of ["http://hidden.example.com/", "https://hidden.example.com/"]) {
      const { text } = await fetched(url);
      assert.match(text, /hidden\.example\.com resolves to no address that may be dialled$/m);
      assert.doesNotMatch(text, /198\.18\./, "code inside does not learn its address");
    }
    await sandbox.logged(({ reason }) => /^OC6034: .*no address that may be dialled \(198\.18\./.test(String(reason)));
    assert.equal(await hidden.connections(), 0);
  });

  it("13: are dialled at the allowed ones of several addresses, in each attempt", async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => fetched("http://several.example.com/echo")));
    for (const { text } of all) assert.match(text, /"url":"\/echo"/);
    assert.equal(await hidden.connections(), 0);
  });

  it("14: cannot redirect to a domain that is not allowed", async () => {
    for (const scheme of ["http", "https"]) {
      const { text } = await fetched(`${scheme}://b.example.com/to?url=${scheme}://evil.example.com/redirected`, "-L");
      assert.match(text, /is not on the allow list|403/);
    }
    assert.doesNotMatch(await site().upstream.received(), /GET \/redirected|Host: evil/);
  });

  it("17: cannot reveal a secret to the sandbox by an echo", async () => {
    const { text } = await fetched("https://a.example.com/echo", "-i", "-d 'x=1'");
    assert.match(text, /"authorization":"Bearer \*{20,}"/);
    assert.ok(!text.includes(secret.value) && !text.includes(JSON.stringify(secret.value).slice(1, -1)));
    assert.ok((await site().upstream.received()).includes(secret.value));
  });

  it("18: get no byte, and no secret, with an untrusted certificate or one for another name", async () => {
    for (const [upstream, name] of [
      [untrusted, "untrusted.example.com"],
      [mistaken, "mistaken.example.com"],
    ] as const) {
      assert.ok(names.includes(name));
      for (const how of ["", "--noproxy '*'"]) {
        const { text } = await fetched(`https://${name}/echo`, how);
        assert.match(text, new RegExp(`the certificate of ${name} is not trusted \\([A-Z_]+\\)`));
      }
      assert.ok((await upstream.connections()) >= 1);
      assert.equal(await upstream.received(), "");
    }
  });
});
