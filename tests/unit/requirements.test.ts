import assert from "node:assert/strict";
import { BackendError } from "../../provider/backends/backend";
import {
  requireHostKernel,
  requireLimits,
  warnOfLittleMemory,
} from "../../provider/backends/docker/engine/requirements";
import { sandboxArgs } from "../support/docker";
import { engineWith } from "../support/engine-with";
import { assertMatchesEntry } from "../support/matches-entry";
import { silent } from "../support/silent";

function messageOf(work: () => void): string {
  try {
    work();
  } catch (error) {
    if (error instanceof BackendError) return error.message;
    throw error;
  }
  return assert.fail("it did not throw");
}

describe("requireHostKernel", () => {
  const engine = (runtime: string) => engineWith({}, { runtime });

  it("refuses a runtime that gives containers kernels of their own, with the reason and what to do", () => {
    for (const runtime of [
      "runsc",
      "sandbox, /usr/local/bin/runsc",
      "kata-runtime",
      "io.containerd.kata.v2",
      "gVisor",
    ]) {
      const message = messageOf(() => requireHostKernel(engine(runtime)));
      assertMatchesEntry(message, "OC2301");
      assert.ok(message.includes(`(${runtime})`), message);
      assert.match(
        message,
        /Use networkPolicy \{type: "disabled"\}, or an engine whose default runtime is runc or crun\.$/,
      );
    }
  });

  it("refuses such a runtime of the sandbox, by its name or its program, on an engine with another default", () => {
    const runtimes = new Map([["strong", "/usr/local/bin/runsc"]]);
    for (const own of ["strong", "io.containerd.kata.v2"]) {
      const message = messageOf(() => requireHostKernel(engineWith({}, { runtimes }), own));
      assertMatchesEntry(message, "OC2615");
      assert.ok(message.includes(`"${own}"`), message);
    }
    requireHostKernel(engineWith({}), "runc");
  });

  it("accepts every other runtime", () => {
    for (const runtime of ["", "runc", "crun", "runc, /usr/bin/runc", "nvidia, nvidia-container-runtime", "youki"])
      requireHostKernel(engine(runtime));
  });
});

describe("requireLimits", () => {
  it("refuses an engine that lacks a limit, and names it", () => {
    requireLimits(engineWith({}));
    for (const [limits, words] of [
      [{ memory: false, swap: false, pids: true }, "cannot limit memory and swap:"],
      [{ memory: true, swap: true, pids: false }, "cannot limit processes:"],
    ] as const) {
      const message = messageOf(() => requireLimits(engineWith({}, { limits })));
      assertMatchesEntry(message, "OC2219");
      assert.ok(message.includes(words), message);
    }
  });
});

describe("warnOfLittleMemory", () => {
  it("warns of a memoryLimit above the host's memory, and of no other", () => {
    const warnings: string[] = [];
    const report = { ...silent, warning: (code: string, text: string) => warnings.push(`${code}: ${text}`) };
    const host = engineWith({}, { memoryTotal: 2 ** 31 });
    warnOfLittleMemory(host, sandboxArgs("small", { memoryLimit: "1g" }), report);
    assert.deepEqual(warnings, []);
    warnOfLittleMemory(host, sandboxArgs("small", { memoryLimit: "4g" }), report);
    assert.equal(warnings.length, 1);
    assertMatchesEntry(warnings[0] ?? "", "OC2220");
    assert.match(warnings[0] ?? "", /small: memoryLimit 4g .*\(2\.0 GiB\)/);
  });
});
