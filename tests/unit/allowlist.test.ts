import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { makeCertificates } from "../../provider/backends/docker/allowlist/certificates";
import { gatewaySpec } from "../../provider/backends/docker/allowlist/gateway-spec";
import { networkSpec } from "../../provider/backends/docker/allowlist/network";
import { policyOf } from "../../provider/backends/docker/allowlist/policy";
import { rulesOf } from "../../provider/backends/docker/allowlist/rules";
import { reservedNames } from "../../provider/backends/docker/allowlist/sandbox-side";
import { randomSubnet, subnetOf } from "../../provider/backends/docker/allowlist/subnet";
import { containerSpec } from "../../provider/backends/docker/container-spec";
import { parsePolicy } from "../../provider/egress/policy";
import { parseStartConfiguration } from "../../provider/egress/start-configuration";
import { sandboxArgs } from "../support/docker";

const subnet = subnetOf("198.19.1.10");
const secrets = [
  { domain: "a.example", name: "TOKEN", value: "hunter2-a" },
  { domain: "b.example", name: "TOKEN", value: "hunter2-b" },
];
const args = sandboxArgs("reports", {
  networkPolicy: { type: "allowlist", allowedDomains: ["a.example", "b.example"], domainSecrets: secrets },
});
const rules = rulesOf(args) ?? assert.fail("no rules");

describe("the network of a sandbox with an allow list", () => {
  it("has eight addresses, of which each has its own purpose, by law", () => {
    fc.assert(
      fc.property(fc.constant(undefined), () => {
        const found = randomSubnet();
        const [address = "", prefix] = found.cidr.split("/");
        const host = (text: string) => Number(text.split(".")[3]) - Number(address.split(".")[3]);
        assert.equal(prefix, "29");
        assert.match(address, /^198\.19\.\d{1,3}\.\d{1,3}$/);
        assert.equal(Number(address.split(".")[3]) % 8, 0);
        assert.deepEqual([found.bridge, found.gateway, found.sandbox].map(host), [1, 2, 3]);
        assert.deepEqual(subnetOf(found.gateway), found);
      }),
    );
  });

  it("is internal, and its bridge has no address", () => {
    assert.deepEqual(networkSpec("cntr_1", subnet, { a: "b" }), {
      Name: "cntr_1",
      Driver: "bridge",
      Internal: true,
      EnableIPv6: false,
      IPAM: { Driver: "default", Config: [{ Subnet: "198.19.1.8/29" }] },
      Options: { "com.docker.network.bridge.inhibit_ipv4": "true" },
      Labels: { a: "b" },
    });
  });
});

describe("the gateway of a sandbox, in the engine's words", () => {
  const spec = gatewaySpec("cntr_1", "node:22", subnet);

  it("has nothing on the host but these", () => {
    assert.deepEqual(spec.HostConfig, {
      Memory: 268_435_456,
      MemorySwap: 268_435_456,
      PidsLimit: 64,
      CpuPeriod: 100_000,
      CpuQuota: 100_000,
      Ulimits: [{ Name: "core", Soft: 0, Hard: 0 }],
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      ReadonlyRootfs: true,
      Mounts: [
        {
          Type: "volume",
          Source: "",
          Target: "/gateway",
          VolumeOptions: { NoCopy: true, Labels: {}, DriverConfig: { Name: "local", Options: {} } },
        },
      ],
      NetworkMode: "bridge",
      Sysctls: {
        "net.ipv4.ip_forward": "0",
        "net.ipv4.ip_unprivileged_port_start": "0",
        "net.ipv6.conf.all.disable_ipv6": "1",
        "net.ipv6.conf.default.disable_ipv6": "1",
      },
      LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } },
    });
  });

  it("runs as nobody, and is told nothing secret", () => {
    assert.deepEqual(
      [spec.name, spec.User, spec.Env, spec.OpenStdin],
      ["cntr_1-gateway", "65534:65534", undefined, true],
    );
    const { address, sandbox } = parseStartConfiguration(spec.Entrypoint?.at(-1) ?? "");
    assert.deepEqual([address, sandbox], ["198.19.1.10", "198.19.1.11"]);
    assert.ok(!JSON.stringify(spec).includes("hunter2-a"));
  });
});

describe("a sandbox with an allow list, in the engine's words", () => {
  const side = {
    network: "cntr_1",
    subnet,
    allowedDomains: ["a.example", "b.example"],
    placeholders: rules.placeholders,
  };
  const { HostConfig, NetworkingConfig, Env = [] } = containerSpec("cntr_1", args, 60, side);

  it("is on its network alone, where allowed names and no others are the gateway's", () => {
    assert.equal(HostConfig?.NetworkMode, "cntr_1");
    assert.deepEqual(NetworkingConfig?.EndpointsConfig, { cntr_1: { IPAMConfig: { IPv4Address: "198.19.1.11" } } });
    assert.deepEqual(HostConfig?.Dns, ["198.19.1.10"]);
    assert.deepEqual(HostConfig?.ExtraHosts, ["a.example:198.19.1.10", "b.example:198.19.1.10"]);
  });

  it("is as closed as one without a network, but for that and a folder of what it trusts", () => {
    const { NetworkMode, Dns, ExtraHosts, Sysctls, Mounts = [], ...rest } = HostConfig ?? {};
    const {
      NetworkMode: none,
      Mounts: own = [],
      ...plain
    } = containerSpec("cntr_1", sandboxArgs("reports"), 60).HostConfig ?? {};
    assert.deepEqual(rest, plain);
    assert.deepEqual(Mounts.slice(0, 1), own);
    assert.deepEqual(
      Mounts.slice(1).map(({ Target }) => Target),
      ["/etc/ssl/certs"],
    );
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
    const circumstances = { id: "cntr_1", certificates, placeholders: rules.placeholders, subnets: ["172.17.0.2/16"] };
    const told = policyOf(rules.policy, { privateRanges: ["10.0.0.0/8"] }, circumstances);
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
