import assert from "node:assert/strict";
import type { ContainerCreateOptions } from "dockerode";
import { containerSpec } from "../../provider/backends/docker/sandbox/container-spec";
import { watchdog } from "../../provider/backends/docker/sandbox/watchdog";
import { containerSchema } from "../../provider/model/container";
import { sandboxArgs } from "../support/docker";

const gib = 1_073_741_824;
const bytes = { "1g": 1 * gib, "4g": 4 * gib, "16g": 16 * gib, "64g": 64 * gib };

function specFor(written: Record<string, unknown>): ContainerCreateOptions {
  const container = containerSchema.parse({ backend: "docker", docker: {}, ...written });
  return containerSpec("cntr_1", { ...container, name: container.name ?? "analysis" }, 60);
}

describe("containerSpec", () => {
  for (const [tier, expected] of Object.entries(bytes)) {
    it(`limits memory and swap together to ${tier}`, () => {
      const { Memory, MemorySwap } = specFor({ memoryLimit: tier }).HostConfig ?? {};
      assert.deepEqual({ Memory, MemorySwap }, { Memory: expected, MemorySwap: expected });
    });
  }

  it("gives a sandbox no access to the host but these options", () => {
    assert.deepEqual(specFor({ name: "reports" }).HostConfig, {
      Memory: gib,
      MemorySwap: gib,
      PidsLimit: 1024,
      NetworkMode: "none",
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      ReadonlyRootfs: true,
      Mounts: [
        {
          Type: "volume",
          Source: "",
          Target: "/mnt",
          VolumeOptions: {
            NoCopy: true,
            Labels: { "openai-containers.name": "reports" },
            DriverConfig: { Name: "local", Options: {} },
          },
        },
      ],
      LogConfig: { Type: "json-file", Config: { "max-size": "64k", "max-file": "1" } },
      Tmpfs: { "/tmp": "rw,exec,nosuid,nodev,mode=1777,size=536870912" },
    });
  });

  it("runs the watchdog as nobody in the data folder, and no command of the image", () => {
    const { HostConfig: _, ...spec } = specFor({
      name: "reports",
      expiresAfter: { anchor: "last_active_at", minutes: 7 },
      docker: { image: "alpine:3" },
    });
    assert.deepEqual(spec, {
      name: "cntr_1",
      Image: "alpine:3",
      Entrypoint: watchdog(7 * 60),
      Cmd: [],
      User: "65534:65534",
      WorkingDir: "/mnt/data",
      Env: ["HOME=/mnt/data"],
      Healthcheck: { Test: ["NONE"] },
      StopSignal: "SIGTERM",
      Labels: {
        "openai-containers.name": "reports",
        "openai-containers.expires-after-minutes": "7",
        "openai-containers.image": "alpine:3",
      },
    });
  });

  it("names a runtime, and marks the sandbox for it, only where the program does", () => {
    const { HostConfig, Labels } = specFor({ docker: { runtime: "runsc" } });
    assert.equal(HostConfig?.Runtime, "runsc");
    assert.equal(Labels?.["openai-containers.runtime"], "runsc");
  });

  it("passes the watchdog its limit and its poll interval, in seconds", () => {
    assert.deepEqual(watchdog(60).slice(-2), ["60", "5"]);
    assert.deepEqual(watchdog(20 * 60).slice(-2), ["1200", "15"]);
  });

  it("has a volume for skills where there are any, read-only where the engine gives it to the sandbox's user", () => {
    const skills = [{ type: "skill_reference" as const, skillId: "skill_1" }];
    const mountsOf = (changes: object, givesVolumesAway: boolean) =>
      containerSpec("cntr_1", sandboxArgs("reports", changes), 60, undefined, givesVolumesAway).HostConfig?.Mounts?.map(
        ({ Target, ReadOnly = false }) => [Target, ReadOnly],
      );
    assert.deepEqual(mountsOf({}, true), [["/mnt", false]]);
    for (const givesVolumesAway of [true, false])
      assert.deepEqual(mountsOf({ skills }, givesVolumesAway), [
        ["/mnt", false],
        ["/home/oai/skills", givesVolumesAway],
      ]);
  });
});
