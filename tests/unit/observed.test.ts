import assert from "node:assert/strict";
import type { ContainerCreateOptions, ContainerInspectInfo } from "dockerode";
import fc from "fast-check";
import { containerSpec, isSandbox, observedFrom } from "../../provider/backends/docker/sandbox/container-spec";
import type { SandboxAllowList } from "../../provider/backends/docker/sandbox/labels";
import { containerSchema } from "../../provider/model/container";
import { imageReference } from "../support/image-reference";

function specFor(written: Record<string, unknown>): ContainerCreateOptions {
  const container = containerSchema.parse({ backend: "docker", docker: {}, ...written });
  const { networkPolicy: policy } = container;
  const side: SandboxAllowList | undefined =
    policy.type === "allowlist" ? { allowedDomains: policy.allowedDomains, placeholders: new Map() } : undefined;
  return containerSpec("cntr_1", { ...container, name: container.name ?? "analysis" }, 60, side);
}

interface Inspected {
  state?: { Status: string; ExitCode?: number };
  networks?: string[];
  memory?: number;
  withSwap?: number;
}

/** The properties of an engine's inspection that are read, for a container of this spec. */
function inspected(spec: ContainerCreateOptions, { state, networks, memory, withSwap }: Inspected = {}) {
  const { Dns, ExtraHosts, NetworkMode = "" } = spec.HostConfig ?? {};
  const limit = memory ?? spec.HostConfig?.Memory;
  return {
    Name: `/${spec.name}`,
    Created: "2023-11-14T22:13:20.987654321Z",
    Image: "sha256:1",
    Config: { Image: spec.Image, Labels: spec.Labels, Env: spec.Env },
    HostConfig: { Memory: limit, MemorySwap: withSwap ?? limit, Dns, ExtraHosts },
    State: state ?? { Status: "running", ExitCode: 0 },
    NetworkSettings: { Networks: Object.fromEntries((networks ?? [NetworkMode]).map((network) => [network, {}])) },
  } as unknown as ContainerInspectInfo;
}

describe("isSandbox", () => {
  it("recognises sandboxes by their label, and accepts null for labels", () => {
    const ours = inspected(specFor({ name: "reports" }));
    assert.equal(isSandbox(ours), true);
    assert.equal(isSandbox({ ...ours, Config: { ...ours.Config, Labels: {} } }), false);
    assert.equal(isSandbox(JSON.parse('{ "Config": { "Labels": null } }')), false);
  });
});

describe("observedFrom", () => {
  const spec = specFor({ name: "reports" });

  it("reports a container by the names of its arguments and outputs", () => {
    assert.deepEqual(observedFrom(inspected(spec)), {
      id: "cntr_1",
      name: "reports",
      status: "running",
      createdAt: 1_700_000_000,
      memoryLimit: "1g",
      networkPolicy: { type: "disabled" },
      expiresAfter: { anchor: "last_active_at", minutes: 20 },
      docker: { image: "python:3.11-slim-bookworm" },
      imageId: "sha256:1",
    });
  });

  it("reports the image by its name in the program, and not by the engine's", () => {
    const inspection = inspected(spec);
    inspection.Config.Image = `registry.example.com/library/${inspection.Config.Image}`;
    assert.deepEqual(observedFrom(inspection).docker, { image: "python:3.11-slim-bookworm" });
  });

  const statuses: [state: Inspected["state"], status: string][] = [
    [{ Status: "running", ExitCode: 0 }, "running"],
    [{ Status: "exited", ExitCode: 86 }, "expired"],
    [{ Status: "exited", ExitCode: 137 }, "stopped"],
    [{ Status: "exited", ExitCode: 0 }, "stopped"],
    [{ Status: "created", ExitCode: 0 }, "stopped"],
    [{ Status: "dead", ExitCode: 86 }, "stopped"],
    [{ Status: "paused", ExitCode: 0 }, "paused"],
  ];
  for (const [state, status] of statuses) {
    it(`takes ${state?.Status} with exit code ${state?.ExitCode} for ${status}`, () => {
      assert.equal(observedFrom(inspected(spec, state && { state })).status, status);
    });
  }

  it("reports a memory limit that is no tier in bytes", () => {
    assert.equal(observedFrom(inspected(spec, { memory: 536_870_912 })).memoryLimit, "536870912 bytes");
    assert.equal(observedFrom(inspected(spec, { memory: 0 })).memoryLimit, "0 bytes");
    const swapping = inspected(spec, { withSwap: 2 ** 31 });
    assert.equal(observedFrom(swapping).memoryLimit, "1073741824 bytes, 2147483648 with swap");
  });

  it("reports the networks that a person connected", () => {
    const networkType = (...networks: string[]) => observedFrom(inspected(spec, { networks })).networkPolicy?.type;
    assert.equal(networkType("none", "bridge", "shop"), "connected to bridge, shop");
    assert.equal(networkType(), "disabled");
    const allowing = specFor({ networkPolicy: { type: "allowlist", allowedDomains: ["a.example.com"] } });
    const policyOn = (...networks: string[]) => observedFrom(inspected(allowing, { networks })).networkPolicy;
    const allowed = { type: "allowlist", allowedDomains: ["a.example.com"] };
    assert.deepEqual(policyOn("none", "shop"), { type: "connected to shop" });
    assert.deepEqual(policyOn("none"), allowed);
    assert.deepEqual(policyOn(), allowed);
    // Of an earlier version.
    assert.deepEqual(policyOn("cntr_1"), allowed);
    assert.deepEqual(policyOn("cntr_1", "shop"), { type: "connected to shop" });
  });

  it("reports the arguments that the container was created with, for any arguments", () => {
    const plain = { noNullPrototype: true };
    const domain = fc.stringMatching(/^[a-z]{1,9}(\.[a-z]{1,9}){1,3}$/);
    const minutes = fc.integer({ min: 1, max: 525_600 });
    const written = fc.record(
      {
        name: fc.string({ minLength: 1, maxLength: 256 }),
        memoryLimit: fc.constantFrom("1g", "4g", "16g", "64g"),
        networkPolicy: fc.oneof(
          fc.constant({ type: "disabled" }),
          fc.record(
            { type: fc.constant("allowlist"), allowedDomains: fc.uniqueArray(domain, { minLength: 1 }) },
            plain,
          ),
        ),
        expiresAfter: fc.record({ anchor: fc.constant("last_active_at"), minutes }, plain),
        docker: fc.record({ image: imageReference }, plain),
      },
      plain,
    );
    fc.assert(
      fc.property(written, (args) => {
        const { id, status, createdAt, imageId, ...reported } = observedFrom(inspected(specFor(args)));
        assert.deepEqual(reported, args);
      }),
    );
  });
});
