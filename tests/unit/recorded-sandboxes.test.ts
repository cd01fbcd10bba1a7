import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ContainerInspectInfo } from "dockerode";
import { recordedRules } from "../../provider/backends/docker/allowlist/rules/rules";
import { allowListOf, observedFrom } from "../../provider/backends/docker/sandbox/container-spec";
import { hasGateway, labelledAllowList } from "../../provider/backends/docker/sandbox/labels";

/** Docker Engine 20.10's inspection of a sandbox, without the watchdog's script. */
function recorded(name: string): ContainerInspectInfo {
  return JSON.parse(readFileSync(join(__dirname, `../support/recorded/${name}.json`), "utf8"));
}

/** The same, with the allow list in its labels only. Engines report an empty list as null. */
function withoutHostsAndEnvironment(inspected: ContainerInspectInfo): ContainerInspectInfo {
  const copy = structuredClone(inspected);
  Object.assign(copy.Config, { Env: null });
  Object.assign(copy.HostConfig, { ExtraHosts: null });
  return copy;
}

const allowedDomains = ["api.example.com", "files.example.com"];

for (const [what, name, placeholder, seconds] of [
  [
    "with labels of its allow list",
    "sandbox-with-labels",
    "placeholder-a93ee3aae7673a2b9cba746f8a7ced65",
    1_795_649_344,
  ],
  [
    "of a release without these labels",
    "sandbox-without-labels",
    "placeholder-cc3100265a762c8c30b6a3bcb2cc9f9d",
    1_795_648_647,
  ],
] as const) {
  describe(`a recorded sandbox ${what}`, () => {
    const inspected = recorded(name);

    it("is observed with its allowed domains", () => {
      const { id, imageId, ...observed } = observedFrom(inspected);
      assert.match(id, /^cntr_[\da-f]{48}$/);
      assert.match(imageId ?? "", /^sha256:/);
      assert.deepEqual(observed, {
        name: "recorded",
        status: "running",
        createdAt: seconds,
        memoryLimit: "1g",
        networkPolicy: { type: "allowlist", allowedDomains },
        expiresAfter: { anchor: "last_active_at", minutes: 20 },
        docker: { image: "openai-containers-sandbox:bookworm" },
      });
      assert.equal(hasGateway(inspected.Config.Labels), true);
    });

    it("gives a repair its placeholders", () => {
      const networkPolicy = { type: "allowlist", allowedDomains };
      const { placeholders } = recordedRules("cntr_1", { networkPolicy }, inspected);
      assert.deepEqual([...placeholders], [["TOKEN", placeholder]]);
    });
  });
}

describe("the allow list of a recorded sandbox", () => {
  it("is read from its labels alone where it has them", () => {
    const inspected = recorded("sandbox-with-labels");
    assert.deepEqual(allowListOf(withoutHostsAndEnvironment(inspected)), allowListOf(inspected));
    assert.deepEqual(allowListOf(inspected).allowedDomains, allowedDomains);
  });

  it("is read from its hosts and environment where it has none", () => {
    const inspected = recorded("sandbox-without-labels");
    assert.equal(labelledAllowList(inspected.Config.Labels), undefined);
    assert.deepEqual(allowListOf(withoutHostsAndEnvironment(inspected)), {
      allowedDomains: [],
      placeholders: new Map(),
    });
  });
});
