import type Docker from "dockerode";
import type { Engine } from "../../provider/backends/docker/engine/engine";

/** An engine whose client has only the parts that a test uses. */
export function engineWith(client: object, changes: Partial<Engine> = {}): Engine {
  return {
    client: client as Docker,
    address: "unix:///var/run/docker.sock",
    location: "docker:1",
    now: Date.now,
    memoryTotal: 1,
    limits: { memory: true, swap: true, pids: true },
    runtime: "runc",
    runtimes: new Map([["runc", "runc"]]),
    architecture: "amd64",
    credentialSettings: { configFolder: "/nonexistent", authConfig: undefined },
    opensVsock: false,
    givesVolumesAway: false,
    description: {
      product: "Docker Engine 28.5.2",
      apiVersion: "1.51",
      platform: "linux/x86_64",
      cgroupVersion: "2",
      storageDriver: "overlay2",
      isRootless: false,
    },
    ...changes,
  };
}
