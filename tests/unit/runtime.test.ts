import assert from "node:assert/strict";
import { refuseOwnKernel } from "../../provider/backends/docker/allowlist/runtime";
import { engineWith } from "../support/engine-with";

const engine = (runtime: string) => engineWith({}, { runtime });

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
