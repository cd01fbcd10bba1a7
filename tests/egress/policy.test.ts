import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { chmodSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Policy } from "../../provider/egress/policy";
import { canAddAddresses } from "../support/egress/addresses";
import { GatewayProcess } from "../support/egress/gateway-process";
import { placeholder, secretValue, useSite } from "../support/egress/site";
import { ask, askOn, connectBy, dial, secure, ways } from "../support/egress/speak";

describe("the policy of a gateway", () => {
  const site = useSite();
  beforeEach(() => assert.equal(site().gateway.put(site().policy()), "ok\n"));

  const nothingPasses = async () => {
    site().upstream.clear();
    const { answer } = await connectBy(site(), "a.example:443");
    assert.match(answer, /^HTTP\/1\.1 503 Service Unavailable: this gateway has no policy yet\r\n/);
    const plain = await ask(site(), "plain HTTP, by the proxy", "a.example");
    assert.deepEqual([plain.status, plain.headers["x-openai-containers-policy"]], [503, "denied"]);
    await assert.rejects(ask(site(), "plain HTTP, without a proxy", "a.example"), { code: "ECONNRESET" });
    await assert.rejects(dial(site().gateway.ports.https).then((socket) => secure(site(), socket, "a.example")));
    const resolver = new Resolver();
    resolver.setServers([`127.0.0.1:${site().gateway.ports.dns}`]);
    await assert.rejects(resolver.resolve4("a.example"), { code: "EREFUSED" });
    assert.equal(site().upstream.connections, 0);
    assert.equal(site().gateway.hasPolicy(), "this gateway has no policy yet\n");
  };
  const somethingPasses = async () => {
    assert.equal((await ask(site(), "TLS, by the proxy", "a.example")).status, 200);
    assert.equal(site().gateway.hasPolicy(), "ok\n");
  };

  it("lets nothing pass while there is none, after a kill and a restart too", async () => {
    await somethingPasses();
    await site().gateway.kill();
    rmSync(site().gateway.policyFile); // as the memory it lies in is gone after a restart
    await site().gateway.start({ dnsServers: [site().resolver.address] });
    await nothingPasses();
    assert.equal(site().gateway.put(site().policy()), "ok\n");
    await somethingPasses();
  });

  it("is the gateway's user's alone", () => {
    assert.equal(statSync(site().gateway.policyFile).mode & 0o777, 0o600);
  });

  it("lets nothing pass once it is removed", async () => {
    rmSync(site().gateway.policyFile);
    await site().gateway.line(({ event }) => event === "no policy");
    await nothingPasses();
  });

  const spoilt: Record<string, (file: string) => void> = {
    "no JSON": (file) => writeFileSync(file, "{", { mode: 0o600 }),
    nothing: (file) => writeFileSync(file, "", { mode: 0o600 }),
    "another shape": (file) => writeFileSync(file, '{"allowedDomains":["*"]}', { mode: 0o600 }),
    "readable by others": (file) => {
      writeFileSync(file, JSON.stringify(site().policy()));
      chmodSync(file, 0o644);
    },
    "a link": (file) => {
      writeFileSync(`${file}.elsewhere`, JSON.stringify(site().policy()), { mode: 0o600 });
      symlinkSync(`${file}.elsewhere`, file);
    },
  };
  for (const [what, spoil] of Object.entries(spoilt)) {
    it(`lets nothing pass when it is replaced by ${what}`, async () => {
      const from = site().gateway.lines.length;
      const fresh = `${site().gateway.policyFile}.fresh`;
      rmSync(fresh, { force: true });
      rmSync(`${fresh}.elsewhere`, { force: true });
      spoil(fresh);
      renameSync(fresh, site().gateway.policyFile);
      const { reason } = await site().gateway.line(({ event }) => event === "no policy", from);
      assert.ok(reason);
      await nothingPasses();
    });
  }

  it("once replaced, holds for connections that were open", async () => {
    const socket = await ways["TLS, by the proxy"](site(), "b.example");
    await askOn(socket, "b.example", "/", { headers: { Connection: "keep-alive" } });
    const cut = new Promise((resolve) => socket.once("close", resolve));
    assert.equal(site().gateway.put(site().policy({ allowedDomains: ["a.example"] })), "ok\n");
    await cut;
    assert.match((await connectBy(site(), "b.example:443")).answer, /^HTTP\/1\.1 403 /);
    await somethingPasses();
  });

  it("once replaced, has the new secrets", async () => {
    const secrets = [{ domain: "a.example", name: "TOKEN", placeholder, value: "new value" }];
    assert.equal(site().gateway.put(site().policy({ secrets })), "ok\n");
    await ask(site(), "TLS, by the proxy", "a.example", "/", { headers: { "X-Token": placeholder } });
    assert.match(site().upstream.received, /\r\nX-Token: new value\r\n/);
  });

  const wrong: [reason: RegExp, change: Record<string, unknown>][] = [
    [/^policy must be without unknown members$/, { resolver: "x" }],
    [/^policy\.sandbox must be printable ASCII/, { sandbox: "a\nb" }],
    [/^policy\.allowedDomains must be a list$/, { allowedDomains: "a.example" }],
    ...[
      "*",
      "A.example",
      "a.example.",
      "10.0.0.1",
      "localhost",
      "a..example",
      "-a.example",
      "a_b.example",
      "a.0x1",
      "bücher.example",
    ].map((name): [RegExp, Record<string, unknown>] => [
      /^policy\.allowedDomains\[0\] must be an exact host name/,
      { allowedDomains: [name] },
    ]),
    [
      /^policy\.tls\.certificate must be for each of policy\.allowedDomains$/,
      { allowedDomains: ["c.example"], secrets: [] },
    ],
    [/^policy\.tls\.certificate must be a certificate in PEM$/, { tls: { certificate: "x", key: "y" } }],
    [/^policy\.privateRanges\[0\] must be an IPv4 network/, { privateRanges: ["10.0.0.0"] }],
    [/^policy\.privateRanges\[0\] must be an IPv4 network/, { privateRanges: ["fd00::/8"] }],
    [/^policy\.subnets\[0\] must be an IPv4 network/, { subnets: ["10.0.0.0/33"] }],
    [/^policy\.extraCertificates\[0\] must be a certificate in PEM$/, { extraCertificates: ["x"] }],
    ...(
      [
        [/\.domain must be one of policy\.allowedDomains$/, { domain: "c.example" }],
        [/\.name must be the name of an environment variable$/, { name: "A B" }],
        [/\.placeholder must be 16 to 256 of/, { placeholder: "short" }],
        [/\.placeholder must be 16 to 256 of/, { placeholder: "0123456789abcdef(.*)" }],
        [/\.value must be a text without CR, LF or NUL$/, { value: "a\r\nb" }],
        [/\.value must be a text without CR, LF or NUL$/, { value: "a\0b" }],
        [/\.value must be a text without CR, LF or NUL$/, { value: "" }],
        [/\.value must be present$/, { value: undefined }],
      ] as const
    ).map(([reason, change]): [RegExp, Record<string, unknown>] => [
      reason,
      { secrets: [{ domain: "a.example", name: "TOKEN", placeholder, value: secretValue, ...change }] },
    ]),
  ];
  for (const [reason, change] of wrong) {
    it(`is refused where it is wrong, and the one before stays: ${JSON.stringify(change).slice(0, 60)}`, async () => {
      const verdict = site().gateway.put(JSON.stringify({ ...site().policy(), ...change }));
      assert.match(verdict.trimEnd(), reason);
      assert.equal(verdict.includes(secretValue), false);
      await somethingPasses();
    });
  }

  it("is refused with the key of another certificate", () => {
    const other = site().authority.sign(["a.example", "b.example"]);
    const tls: Policy["tls"] = { ...site().policy().tls, key: other.key };
    assert.equal(
      site().gateway.put(site().policy({ tls })),
      "policy.tls.key must be the key of policy.tls.certificate, in PEM\n",
    );
  });

  it("is refused as no JSON without a word of it", () => {
    assert.equal(site().gateway.put(`{"value": "${secretValue}`), "policy must be JSON\n");
  });

  it("is refused with one name for two placeholders, or one placeholder for two names", () => {
    const secret = { domain: "a.example", name: "TOKEN", placeholder, value: "x" };
    const twice = [
      { ...secret, domain: "b.example", placeholder: `${placeholder}x` },
      { ...secret, name: "OTHER" },
      secret,
    ];
    for (const second of twice) {
      assert.match(
        site().gateway.put(site().policy({ secrets: [secret, second] })),
        /^policy\.secrets\[1\]\.(placeholder|name) must be /,
      );
    }
    const both = [secret, { ...secret, domain: "b.example" }];
    assert.equal(site().gateway.put(site().policy({ secrets: both })), "ok\n");
  });
});

describe("starting a gateway", () => {
  let gateway: GatewayProcess;
  before(function () {
    if (!canAddAddresses) this.skip();
    gateway = new GatewayProcess();
  });
  after(() => gateway?.stop());

  const wrong: [reason: RegExp, json: string | undefined][] = [
    [/^usage: /, undefined],
    [/^start must be JSON$/, "{"],
    [/^start\.address must be present$/, "{}"],
    [/^start\.address must be an IPv4 address$/, '{"address":"::1","policyFile":"/x"}'],
    [/^start must be without unknown members$/, '{"address":"127.0.0.1","policyFile":"/x","hosts":{}}'],
    [
      /^start\.ports\.proxy must be a whole number/,
      '{"address":"127.0.0.1","policyFile":"/x","ports":{"proxy":"3128"}}',
    ],
    [
      /^start\.dnsServers\[0\] must be an IPv4 address/,
      '{"address":"127.0.0.1","policyFile":"/x","dnsServers":["name"]}',
    ],
    [/^start\.limits must be without unknown members$/, '{"address":"127.0.0.1","policyFile":"/x","limits":{"x":1}}'],
  ];
  for (const [reason, json] of wrong) {
    it(`fails with the reason: ${json}`, () => {
      const args = [join(gateway.policyFile, "../main.js"), ...(json === undefined ? [] : [json])];
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 5000 });
      assert.match(stderr.trimEnd(), reason);
      assert.equal(status, 1);
    });
  }
});
