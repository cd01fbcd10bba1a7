import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Policy } from "../../provider/egress/policy/policy";
import { canAddAddresses } from "../support/egress/addresses";
import { GatewayProcess } from "../support/egress/gateway-process";
import { placeholder, secretValue, useSite } from "../support/egress/site";
import { ask, askOn, connectBy, dial, secure, ways } from "../support/egress/speak";

describe("the policy of a gateway", () => {
  const site = useSite();
  const taken = async (policy: Policy) => assert.equal(await site().gateway.put(policy), undefined);
  beforeEach(() => taken(site().policy()));

  const nothingPasses = async () => {
    site().upstream.clear();
    const { response } = await connectBy(site(), "a.example.com:443");
    assert.match(response, /^HTTP\/1\.1 503 Service Unavailable: OC6029: it has no policy yet\r\n/);
    const plain = await ask(site(), "plain HTTP, by the proxy", "a.example.com");
    assert.deepEqual([plain.status, plain.headers["x-openai-containers-policy"]], [503, undefined]);
    await assert.rejects(ask(site(), "plain HTTP, without a proxy", "a.example.com"), { code: "ECONNRESET" });
    await assert.rejects(dial(site().gateway.ports.https).then((socket) => secure(site(), socket, "a.example.com")));
    const resolver = new Resolver();
    resolver.setServers([`127.0.0.1:${site().gateway.ports.dns}`]);
    await assert.rejects(resolver.resolve4("a.example.com"), { code: "EREFUSED" });
    assert.equal(site().upstream.connections, 0);
  };
  const somethingPasses = async () => {
    assert.equal((await ask(site(), "TLS, by the proxy", "a.example.com")).status, 200);
  };

  it("is needed before anything is forwarded, after a kill and a restart too", async () => {
    await somethingPasses();
    await site().gateway.kill();
    await site().gateway.start({ dnsServers: [site().resolver.address] });
    await nothingPasses();
    await taken(site().policy());
    await somethingPasses();
  });

  it("is accepted after any other bytes on the same input", async () => {
    assert.equal(await site().gateway.put(`{"half of one`), "policy must be JSON");
    assert.equal(await site().gateway.put(""), "policy must be JSON");
    assert.equal(await site().gateway.put("x".repeat(16_777_217)), "policy must be at most 16777216 characters");
    await taken(site().policy());
    await somethingPasses();
  });

  it("closes open connections when it is replaced", async () => {
    const socket = await ways["TLS, by the proxy"](site(), "b.example.com");
    await askOn(socket, "b.example.com", "/", { headers: { Connection: "keep-alive" } });
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await taken(site().policy({ allowedDomains: ["a.example.com"] }));
    await closed;
    assert.match((await connectBy(site(), "b.example.com:443")).response, /^HTTP\/1\.1 403 /);
    await somethingPasses();
  });

  it("injects the new secrets once it is replaced", async () => {
    const secrets = [{ domain: "a.example.com", name: "TOKEN", placeholder, value: "new value" }];
    await taken(site().policy({ secrets }));
    await ask(site(), "TLS, by the proxy", "a.example.com", "/", { headers: { "X-Token": placeholder } });
    assert.match(site().upstream.received, /\r\nX-Token: new value\r\n/);
  });

  const wrong: [reason: RegExp, change: Record<string, unknown>][] = [
    [/^policy must be without unknown members$/, { resolver: "x" }],
    [/^policy\.sandbox must be printable ASCII/, { sandbox: "a\nb" }],
    [/^policy\.allowedDomains must be a list$/, { allowedDomains: "a.example.com" }],
    ...[
      "*",
      "A.example.com",
      "a.example.com.",
      "10.0.0.1",
      "localhost",
      "a..example.com",
      "-a.example.com",
      "a_b.example.com",
      "a.0x1",
      "bücher.example.com",
    ].map((name): [RegExp, Record<string, unknown>] => [
      /^policy\.allowedDomains\[0\] must be an exact host name/,
      { allowedDomains: [name] },
    ]),
    [
      /^policy\.tls\.certificate must be for each of policy\.allowedDomains$/,
      { allowedDomains: ["c.example.com"], secrets: [] },
    ],
    [/^policy\.tls\.certificate must be a certificate in PEM$/, { tls: { certificate: "x", key: "y" } }],
    [/^policy\.privateRanges\[0\] must be an IPv4 network/, { privateRanges: ["10.0.0.0"] }],
    [/^policy\.privateRanges\[0\] must be an IPv4 network/, { privateRanges: ["fd00::/8"] }],
    [/^policy\.subnets\[0\] must be an IPv4 network/, { subnets: ["10.0.0.0/33"] }],
    [/^policy\.extraCertificates\[0\] must be a certificate in PEM$/, { extraCertificates: ["x"] }],
    ...(
      [
        [/\.domain must be one of policy\.allowedDomains$/, { domain: "c.example.com" }],
        [/\.name must be the name of an environment variable$/, { name: "A B" }],
        [/\.placeholder must be 16 to 256 of/, { placeholder: "short" }],
        [/\.placeholder must be 16 to 256 of/, { placeholder: "0123456789abcdef(.*)" }],
        [/\.value must be a text without CR, LF or NUL$/, { value: "a\r\nb" }],
        [/\.value must be a text without CR, LF or NUL$/, { value: "a\0b" }],
        [/\.value must be a text without CR, LF or NUL$/, { value: "" }],
        [/^policy\.secrets\[0\]\.value must be 8 to 16384 bytes long$/, { value: "1234567" }],
        [/^policy\.secrets\[0\]\.value must be 8 to 16384 bytes long$/, { value: "\u20ac".repeat(5462) }],
        [/\.value must be present$/, { value: undefined }],
      ] as const
    ).map(([reason, change]): [RegExp, Record<string, unknown>] => [
      reason,
      { secrets: [{ domain: "a.example.com", name: "TOKEN", placeholder, value: secretValue, ...change }] },
    ]),
  ];
  for (const [reason, change] of wrong) {
    it(`is rejected if it is invalid, and the one before stays in force: ${JSON.stringify(change).slice(0, 60)}`, async () => {
      const rejection = (await site().gateway.put(JSON.stringify({ ...site().policy(), ...change }))) ?? "";
      assert.match(rejection, reason);
      assert.equal(rejection.includes(secretValue), false);
      await somethingPasses();
    });
  }

  it("is rejected with more secrets than the gateway can search for", async () => {
    const value = "x".repeat(16_384);
    const secrets = Array.from({ length: 9 }, (_none, index) => {
      const name = `TOKEN_${index}`;
      return { domain: "a.example.com", name, placeholder: `${placeholder}-${index}`, value };
    });
    assert.equal(
      await site().gateway.put(site().policy({ secrets })),
      "policy.secrets must be at most 131072 bytes of values",
    );
  });

  it("is rejected with the key of another certificate", async () => {
    const other = site().authority.sign(["a.example.com", "b.example.com"]);
    const tls: Policy["tls"] = { ...site().policy().tls, key: other.key };
    assert.equal(
      await site().gateway.put(site().policy({ tls })),
      "policy.tls.key must be the key of policy.tls.certificate, in PEM",
    );
  });

  it("is rejected if it is not JSON, without a quotation", async () => {
    assert.equal(await site().gateway.put(`{"value": "${secretValue}`), "policy must be JSON");
  });

  it("is rejected with one name for two placeholders, or one placeholder for two names", async () => {
    const secret = { domain: "a.example.com", name: "TOKEN", placeholder, value: secretValue };
    const twice = [
      { ...secret, domain: "b.example.com", placeholder: `${placeholder}x` },
      { ...secret, name: "OTHER" },
      secret,
    ];
    for (const second of twice) {
      assert.match(
        (await site().gateway.put(site().policy({ secrets: [secret, second] }))) ?? "",
        /^policy\.secrets\[1\]\.(placeholder|name) must be /,
      );
    }
    const both = [secret, { ...secret, domain: "b.example.com" }];
    await taken(site().policy({ secrets: both }));
  });
});

function started(changes: object): string {
  const channel = join(tmpdir(), `openai-containers-channel-${process.pid}`);
  return JSON.stringify({ address: "127.0.0.1", channel, lifeline: "/lifeline", ...changes });
}

describe("launch.js gateway", () => {
  let gateway: GatewayProcess;
  before(function () {
    if (!canAddAddresses) this.skip(); // addresses take root
    gateway = new GatewayProcess();
  });
  after(() => gateway?.stop());

  const wrong: [reason: RegExp, json: string | undefined][] = [
    [/^usage: /, undefined],
    [/^start must be JSON$/, "{"],
    [/^start\.address must be present$/, "{}"],
    [/^start\.channel must be present$/, '{"address":"127.0.0.1"}'],
    [/^start\.lifeline must be present$/, '{"address":"127.0.0.1","channel":"/c"}'],
    [/^start\.address must be an IPv4 address$/, started({ address: "::1" })],
    [/^start must be without unknown members$/, started({ hosts: {} })],
    [/^start\.ports\.proxy must be a whole number/, started({ ports: { proxy: "3128" } })],
    [/^start\.dnsServers\[0\] must be an IPv4 address/, started({ dnsServers: ["name"] })],
    [/^start\.limits must be without unknown members$/, started({ limits: { x: 1 } })],
    [/^no listeners connected$/, started({ limits: { setupMs: 100 } })],
  ];
  for (const [reason, json] of wrong) {
    it(`fails with the reason: ${json}`, () => {
      const args = [gateway.program, "gateway", ...(json === undefined ? [] : [json])];
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 5000 });
      assert.match(stderr.trimEnd(), reason);
      assert.equal(status, 1);
    });
  }
});
