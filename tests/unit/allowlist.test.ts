import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { dirname } from "node:path";
import { makeCertificates } from "../../provider/backends/docker/allowlist/gateway/certificates";
import { policyOf } from "../../provider/backends/docker/allowlist/gateway/gateway-policy";
import { gatewaySpec, listenersSpec } from "../../provider/backends/docker/allowlist/gateway/gateway-spec";
import { rulesOf } from "../../provider/backends/docker/allowlist/rules/rules";
import { containerSpec } from "../../provider/backends/docker/sandbox/container-spec";
import { reservedNames } from "../../provider/backends/docker/sandbox/network-config";
import { parsePolicy } from "../../provider/egress/policy/policy";
import { parseStartConfiguration } from "../../provider/egress/policy/start-configuration";
import { sandboxArgs } from "../support/docker";

const lifelinePath = "/run/openai-containers/lifeline";
const secrets = [
  { domain: "a.example.com", name: "TOKEN", value: "hunter2-a" },
  { domain: "b.example.com", name: "TOKEN", value: "hunter2-b" },
];
const args = sandboxArgs("reports", {
  networkPolicy: { type: "allowlist", allowedDomains: ["a.example.com", "b.example.com"], domainSecrets: secrets },
});
const rules = rulesOf(args) ?? assert.fail("no rules");

describe("gatewaySpec and listenersSpec", () => {
  const spec = gatewaySpec("cntr_1", "node:22", "volume-1");
  const listeners = listenersSpec("cntr_1", "node:22");
  const { Mounts, NetworkMode, LogConfig, ...locks } = spec.HostConfig ?? {};

  it("give a gateway and its listeners container no access to the host but these options", () => {
    const limits = {
      Memory: 268_435_456,
      MemorySwap: 268_435_456,
      PidsLimit: 64,
      CpuPeriod: 100_000,
      CpuQuota: 100_000,
      Ulimits: [{ Name: "core", Soft: 0, Hard: 0 }],
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      ReadonlyRootfs: true,
    };
    assert.deepEqual(locks, limits);
    assert.equal(NetworkMode, "bridge");
    assert.deepEqual(LogConfig, { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } });
    const VolumeOptions = { NoCopy: true, Labels: {}, DriverConfig: { Name: "local", Options: {} } };
    assert.deepEqual(Mounts, [
      { Type: "volume", Source: "", Target: "/gateway", VolumeOptions },
      { Type: "volume", Source: "volume-1", Target: "/run/openai-containers", ReadOnly: true },
    ]);
    assert.deepEqual(listeners.HostConfig, {
      ...limits,
      NetworkMode: "container:cntr_1",
      VolumesFrom: ["cntr_1-gateway"],
    });
  });

  it("run both as another user than sandboxes, and pass no secret", () => {
    for (const [name, { User, Env, OpenStdin }] of [
      ["gateway", spec],
      ["listeners", listeners],
    ] as const)
      assert.deepEqual([User, Env, OpenStdin], ["65533:65533", undefined, name === "gateway" || undefined]);
    assert.equal(listeners.Entrypoint?.at(-1), spec.Entrypoint?.at(-1));
    const { address, channel, lifeline } = parseStartConfiguration(spec.Entrypoint?.at(-1) ?? "");
    assert.deepEqual([address, dirname(channel), lifeline], ["127.77.0.1", "/gateway/channel", lifelinePath]);
    assert.ok(!JSON.stringify(spec).includes("hunter2-a"));
  });
});

describe("containerSpec of a sandbox with an allow list", () => {
  const allowList = {
    allowedDomains: ["a.example.com", "b.example.com"],
    placeholders: rules.placeholders,
  };
  const spec = containerSpec("cntr_1", args, 60, allowList);
  const { HostConfig, Env = [] } = spec;

  it("has no network, and resolves exactly the allowed domains to the gateway", () => {
    assert.equal(HostConfig?.NetworkMode, "none");
    assert.equal(spec.NetworkingConfig, undefined);
    assert.deepEqual(HostConfig?.Dns, ["127.77.0.1"]);
    assert.deepEqual(HostConfig?.ExtraHosts, ["a.example.com:127.77.0.1", "b.example.com:127.77.0.1"]);
  });

  it("differs from one without only by the volumes of its trusted CA certificate and of its lifeline", () => {
    const { Dns, ExtraHosts, Sysctls, Mounts = [], ...rest } = HostConfig ?? {};
    const { Mounts: own = [], ...plain } = containerSpec("cntr_1", sandboxArgs("reports"), 60).HostConfig ?? {};
    assert.deepEqual(rest, plain);
    assert.deepEqual(Sysctls, { "net.ipv4.ip_unprivileged_port_start": "0" });
    assert.deepEqual(Mounts.slice(0, 1), own);
    assert.deepEqual(
      Mounts.slice(1).map(({ Target }) => Target),
      ["/etc/ssl/certs", "/run/openai-containers"],
    );
    assert.equal(spec.Entrypoint?.at(-1), lifelinePath);
  });

  it("has its lifeline's folder read-only where the engine makes that its user's, and not elsewhere, as Docker refuses it", () => {
    const readOnlyOf = (givesVolumesAway: boolean) =>
      containerSpec("cntr_1", args, 60, allowList, givesVolumesAway).HostConfig?.Mounts?.map(
        ({ Target, ReadOnly = false }) => [Target, ReadOnly],
      );
    const others = [
      ["/mnt", false],
      ["/etc/ssl/certs", false],
    ];
    assert.deepEqual(readOnlyOf(true), [...others, ["/run/openai-containers", true]]);
    assert.deepEqual(readOnlyOf(false), [...others, ["/run/openai-containers", false]]);
  });

  it("has one placeholder for each name and no secret in its environment, whose names are reserved", () => {
    const names = Env.map((line) => line.split("=")[0] ?? "");
    assert.equal(names.length, new Set(names).size);
    assert.equal(Env.filter((line) => line.startsWith("TOKEN=")).length, 1);
    assert.match(Env.at(-1) ?? "", /^TOKEN=placeholder-[\da-f]{32}$/);
    assert.ok(!Env.join().includes("hunter2-a"));
    for (const name of names.filter((each) => each !== "TOKEN")) assert.ok(reservedNames.has(name), name);
  });
});

describe("makeCertificates", () => {
  const names = ["a.example.com", "b.example.com"];

  it("makes certificates for the allowed domains alone, in a policy that the gateway accepts", async () => {
    const certificates = await makeCertificates(names);
    const ca = new X509Certificate(certificates.caCertificate);
    const leaf = new X509Certificate(certificates.certificate);
    assert.equal(ca.ca, true);
    assert.equal(leaf.ca, false);
    assert.equal(leaf.verify(ca.publicKey), true);
    assert.equal(leaf.subjectAltName, "DNS:a.example.com, DNS:b.example.com");
    assert.ok(Date.parse(leaf.validTo) - Date.now() > 9 * 365 * 86_400_000);
    const { caCertificate: _, ...pair } = certificates;
    const gateway = { id: "cntr_1", pair, subnets: ["172.17.0.2/16"] };
    const policy = policyOf({ ...rules, egress: { privateRanges: ["10.0.0.0/8"] } }, gateway);
    assert.deepEqual(parsePolicy(JSON.stringify(policy)), policy);
    const [one, two] = policy.secrets;
    assert.equal(one?.placeholder, two?.placeholder);
    assert.deepEqual([one?.value, two?.value], ["hunter2-a", "hunter2-b"]);
  });

  it("makes another CA and key at each call, and returns no key of the CA", async () => {
    const [one, two] = [await makeCertificates(names), await makeCertificates(names)];
    assert.notEqual(one.caCertificate, two.caCertificate);
    assert.notEqual(one.key, two.key);
    assert.deepEqual(Object.keys(one).sort(), ["caCertificate", "certificate", "key"]);
  });
});
