import assert from "node:assert/strict";
import type { ContainerInspectInfo } from "dockerode";
import { exposuresOf } from "../../provider/backends/docker/import/exposures";
import { missingIn } from "../../provider/backends/docker/import/foreign";

/** The properties of an engine's inspection that are read, of `docker run --network none`. */
function inspected(hostConfig: object = {}, more: object = {}): ContainerInspectInfo {
  return {
    Config: { User: "" },
    HostConfig: { Privileged: false, NetworkMode: "none", PidMode: "", IpcMode: "private", UTSMode: "", ...hostConfig },
    Mounts: [],
    NetworkSettings: { Networks: { none: {} } },
    ...more,
  } as unknown as ContainerInspectInfo;
}

const exposures = (hostConfig: object, more?: object) => exposuresOf(inspected(hostConfig, more), new Map());
const mounted = (mount: object) => ({ Mounts: [{ Destination: "/in", ...mount }] });

describe("exposuresOf", () => {
  it("finds nothing in a container with a volume, a tmpfs and no network", () => {
    const Mounts = [
      { Type: "volume", Name: "v", Destination: "/v" },
      { Type: "tmpfs", Destination: "/t" },
    ];
    const hostConfig = {
      SecurityOpt: ["no-new-privileges"],
      CapAdd: null,
      Devices: null,
      MaskedPaths: ["/proc/kcore"],
    };
    assert.deepEqual(exposuresOf(inspected(hostConfig, { Mounts }), new Map([["v", null]])), []);
  });

  const cases: [what: string, hostConfig: object, more: object, reason: string][] = [
    ["privileges", { Privileged: true }, {}, "it is privileged"],
    [
      "networks",
      { NetworkMode: "x" },
      { NetworkSettings: { Networks: { x: {}, y: {} } } },
      "it is on the networks x, y",
    ],
    [
      "another container's network",
      { NetworkMode: "container:ab" },
      { NetworkSettings: { Networks: {} } },
      "its network mode is container:ab",
    ],
    [
      "an engine's socket under any path",
      {},
      mounted({ Type: "bind", Source: "/run/docker.sock" }),
      "it has /run/docker.sock of its host at /in",
    ],
    ["the host's root folder", {}, mounted({ Type: "bind", Source: "/" }), "it has / of its host at /in"],
    [
      "a named pipe",
      {},
      mounted({ Type: "npipe", Source: "\\\\.\\pipe\\docker_engine" }),
      "it has \\\\.\\pipe\\docker_engine of its host at /in",
    ],
    [
      "the host's processes",
      { PidMode: "host" },
      {},
      "it shares the PID namespace of its host or of another container",
    ],
    [
      "another container's memory",
      { IpcMode: "container:ab" },
      {},
      "it shares the IPC namespace of its host or of another container",
    ],
    ["the host's name", { UTSMode: "host" }, {}, "it shares the UTS namespace of its host or of another container"],
    [
      "the host's users",
      { UsernsMode: "host" },
      {},
      "it shares the user namespace of its host or of another container",
    ],
    ["capabilities", { CapAdd: ["NET_ADMIN"] }, {}, "it has the added capabilities NET_ADMIN"],
    ["devices", { Devices: [{ PathOnHost: "/dev/kvm" }] }, {}, "it has the devices /dev/kvm"],
    ["graphics processors", { DeviceRequests: [{ Driver: "" }] }, {}, "it has the devices gpu"],
    ["device rules", { DeviceCgroupRules: ["a *:* rwm"] }, {}, "it has the device rules a *:* rwm"],
    [
      "security options",
      { SecurityOpt: ["apparmor=unconfined"] },
      {},
      "it has the security options apparmor=unconfined",
    ],
    ["unmasked paths", { MaskedPaths: [] }, {}, "its system paths are not masked"],
  ];
  for (const [what, hostConfig, more, reason] of cases) {
    it(`finds ${what}`, () => assert.deepEqual(exposures(hostConfig, more), [reason]));
  }

  it("finds a volume that is a folder of the host", () => {
    const options = new Map([["v", { type: "none", o: "bind", device: "/" }]]);
    const reason = "its volume at /in is not on the engine's own storage";
    assert.deepEqual(exposuresOf(inspected({}, mounted({ Type: "volume", Name: "v" })), options), [reason]);
  });
});

describe("missingIn", () => {
  it("lists what a container of docker run lacks, and of a hardened one the idle expiry alone", () => {
    const all = [
      "idle expiry",
      "a read-only root",
      "dropped capabilities",
      "no-new-privileges",
      "an unprivileged user",
      "/mnt/data",
      "a limit of processes",
    ];
    assert.deepEqual(missingIn(inspected({ CapDrop: null, SecurityOpt: null, PidsLimit: null })), all);
    const hardened = { ReadonlyRootfs: true, CapDrop: ["ALL"], SecurityOpt: ["no-new-privileges"], PidsLimit: 64 };
    const more = { Config: { User: "nobody" }, Mounts: [{ Destination: "/mnt/data" }] };
    assert.deepEqual(missingIn(inspected(hardened, more)), ["idle expiry"]);
  });
});
