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
  { domain: "a.example", name: "TOKEN", value: "hunter2-a" },
  { domain: "b.example", name: "TOKEN", value: "hunter2-b" },
];
const args = sandboxArgs("reports", {
  networkPolicy: { type: "allowlist", allowedDomains: ["a.example", "b.example"], domainSecrets: secrets },
});
const rules = rulesOf(args) ?? assert.fail("no rules");

describe("the gateway of a sandbox, in the engine's words", () => {
  const spec = gatewaySpec("cntr_1", "node:22", "volume-1");
  const listeners = listenersSpec("cntr_1", "node:22");
  const { Mounts, NetworkMode, LogConfig, ...locks } = spec.HostConfig ?? {};

  it("has nothing on the host but these, nor has what gives it its sockets", () => {
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

  it("runs as another user than sandboxes do, and is told nothing secret", () => {
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

describe("a sandbox with an allow list, in the engine's words", () => {
  const side = {
    allowedDomains: ["a.example", "b.example"],
    placeholders: rules.placeholders,
    ownsLifelineFolder: false,
  };
  const spec = containerSpec("cntr_1", args, 60, side);
  const { HostConfig, Env = [] } = spec;

  it("has no network, and allowed names and no others are its gateway's", () => {
    assert.equal(HostConfig?.NetworkMode, "none");
    assert.equal(spec.NetworkingConfig, undefined);
    assert.deepEqual(HostConfig?.Dns, ["127.77.0.1"]);
    assert.deepEqual(HostConfig?.ExtraHosts, ["a.example:127.77.0.1", "b.example:127.77.0.1"]);
  });

  it("is as closed as one without, but for a folder of what it trusts, and one in which it shows that it lives", () => {
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

  it("has the folder of its lifeline read-only where an engine makes that its user's, and nowhere else, as Docker refuses it", () => {
    const readOnlyOf = (ownsLifelineFolder: boolean) =>
      containerSpec("cntr_1", args, 60, { ...side, ownsLifelineFolder }).HostConfig?.Mounts?.map(
        ({ Target, ReadOnly = false }) => [Target, ReadOnly],
      );
    const others = [
      ["/mnt", false],
      ["/etc/ssl/certs", false],
    ];
    assert.deepEqual(readOnlyOf(true), [...others, ["/run/openai-containers", true]]);
    assert.deepEqual(readOnlyOf(false), [...others, ["/run/openai-containers", false]]);
  });

  it("has one placeholder for a name, in an environment that no secret is in, and whose names no secret may have", () => {
    const names = Env.map((line) => line.split("=")[0] ?? "");
    assert.equal(names.length, new Set(names).size);
    assert.equal(Env.filter((line) => line.startsWith("TOKEN=")).length, 1);
    assert.match(Env.at(-1) ?? "", /^TOKEN=placeholder-[\da-f]{32}$/);
    assert.ok(!Env.join().includes("hunter2-a"));
    for (const name of names.filter((each) => each !== "TOKEN")) assert.ok(reservedNames.has(name), name);
  });
});

describe("the certificates of a gateway", () => {
  const names = ["a.example", "b.example"];

  it("vouch for the allowed names alone, and are what the gateway's check of a policy asks for", async () => {
    const certificates = await makeCertificates(names);
    const authority = new X509Certificate(certificates.authority);
    const leaf = new X509Certificate(certificates.certificate);
    assert.equal(authority.ca, true);
    assert.equal(leaf.ca, false);
    assert.equal(leaf.verify(authority.publicKey), true);
    assert.equal(leaf.subjectAltName, "DNS:a.example, DNS:b.example");
    assert.ok(Date.parse(leaf.validTo) - Date.now() > 9 * 365 * 86_400_000);
    const { authority: _, ...pair } = certificates;
    const circumstances = { id: "cntr_1", pair, subnets: ["172.17.0.2/16"] };
    const told = policyOf({ ...rules, egress: { privateRanges: ["10.0.0.0/8"] } }, circumstances);
    assert.deepEqual(parsePolicy(JSON.stringify(told)), told);
    const [one, two] = told.secrets;
    assert.equal(one?.placeholder, two?.placeholder);
    assert.deepEqual([one?.value, two?.value], ["hunter2-a", "hunter2-b"]);
  });

  it("are others each time, and of an authority whose key nobody has", async () => {
    const [one, two] = [await makeCertificates(names), await makeCertificates(names)];
    assert.notEqual(one.authority, two.authority);
    assert.notEqual(one.key, two.key);
    assert.deepEqual(Object.keys(one).sort(), ["authority", "certificate", "key"]);
  });
});
