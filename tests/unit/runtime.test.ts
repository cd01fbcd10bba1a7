import assert from "node:assert/strict";
import type Docker from "dockerode";
import { refuseOwnKernel } from "../../provider/backends/docker/allowlist/runtime";
import type { Engine } from "../../provider/backends/docker/engine";

const engine = (runtime: string): Engine => ({
  client: {} as Docker,
  address: "unix:///var/run/docker.sock",
  location: "docker:1",
  memoryTotal: 1,
  limits: { memory: true, swap: true, pids: true },
  runtime,
  opensVsock: false,
});

describe("an engine whose containers have kernels of their own", () => {
  it("gets no allow list, and is told why and what to do", () => {
    for (const runtime of ["runsc", "sandbox, /usr/local/bin/runsc", "kata-runtime", "io.containerd.kata.v2", "gVisor"])
      assert.throws(() => refuseOwnKernel(engine(runtime)), {
        message: `The Docker engine at unix:///var/run/docker.sock runs containers in kernels of their own (its default runtime is ${runtime}), where no gateway can listen, so no allow list is offered there. Use networkPolicy {type: "disabled"} on it, or an engine whose default runtime is runc or crun.`,
      });
  });

  it("is no other engine", () => {
    for (const runtime of ["", "runc", "crun", "runc, /usr/bin/runc", "nvidia, nvidia-container-runtime", "youki"])
      refuseOwnKernel(engine(runtime));
  });
});
