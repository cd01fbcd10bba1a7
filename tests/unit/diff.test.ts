import assert from "node:assert/strict";
import fc from "fast-check";
import type { Backend } from "../../provider/backends/backend";
import { type Diff, diff } from "../../provider/lifecycle/diff";
import { normalise } from "../../provider/model/normalise";
import { type Observed, outputsOf, recordFrom } from "../../provider/model/record";
import { unknownValue } from "../../provider/model/unknowns";
import { imageReference } from "../support/image-reference";
import { rejectingBackend } from "../support/rejecting-backend";
import { silent } from "../support/silent";

const observed: Observed = {
  id: "cntr_1",
  name: "analysis-01234567",
  status: "running",
  createdAt: 1_700_000_000,
  memoryLimit: "1g",
  networkPolicy: { type: "disabled" },
  expiresAfter: { anchor: "last_active_at", minutes: 20 },
  docker: { image: "python:3.11-slim-bookworm" },
  imageId: "sha256:1",
};

const engine: Backend = {
  ...rejectingBackend,
  status: async () => observed.status,
  activity: async () => ({ lastActiveAt: 1_700_000_000, reportedAt: 1_700_001_000 }),
};

const state = outputsOf(observed, engine, recordFrom({ __urn: "urn:a", __autoName: true }));
const inputs = inputsFor({});

function inputsFor(args: Record<string, unknown>): Record<string, unknown> {
  const result = normalise({ backend: "docker", docker: {}, ...args });
  if ("problems" in result) assert.fail(result.problems.join("\n"));
  return result.value;
}

function run(recorded: Record<string, unknown>, wanted: Record<string, unknown>, open = async () => engine) {
  const warning = (code: string, text: string) => assert.fail(`${code}: ${text}`);
  const report = { ...silent, info: () => {}, warning };
  return diff(observed.id, recordFrom(recorded), wanted, {
    open,
    checksLiveness: true,
    recordedInputs: inputs,
    secretArguments: [],
    provider: undefined,
    report,
  });
}

const same: Diff = { changes: false };

describe("diff of arguments", () => {
  it("finds no change of any arguments that equal the recorded ones", async () => {
    const text = fc.string({ minLength: 1, maxLength: 256 });
    const args = fc.record(
      {
        name: text,
        memoryLimit: fc.constantFrom("1g", "4g", "16g", "64g"),
        networkPolicy: fc.constant({ type: "disabled" }),
        expiresAfter: fc.integer({ min: 1, max: 525_600 }).map((minutes) => ({ anchor: "last_active_at", minutes })),
        docker: fc.record({ image: imageReference }, { requiredKeys: [], noNullPrototype: true }),
      },
      { requiredKeys: [], noNullPrototype: true },
    );
    await fc.assert(
      fc.asyncProperty(args, async (written) => {
        const wanted = inputsFor(written);
        assert.deepEqual(await run({ ...state, ...wanted }, wanted), same);
      }),
    );
  });

  const changed: Record<string, unknown> = {
    name: "reports",
    memoryLimit: "4g",
    networkPolicy: { type: "allowlist", allowedDomains: ["a.example.com"] },
    expiresAfter: { anchor: "last_active_at", minutes: 21 },
    backend: "openai",
    docker: { image: "alpine" },
  };
  for (const [arg, value] of Object.entries(changed)) {
    it(`replaces for another ${arg}, and leaves the comparison of inputs to Pulumi`, async () => {
      assert.deepEqual(await run(state, { ...inputs, [arg]: value }), { replaces: [arg] });
    });
    it(`counts an unknown ${arg} as a change`, async () => {
      assert.deepEqual(await run(state, { ...inputs, [arg]: unknownValue }), { replaces: [arg] });
    });
  }

  it("counts an unknown value inside an argument as a change", async () => {
    assert.deepEqual(await run(state, { ...inputs, docker: { image: unknownValue } }), { replaces: ["docker"] });
  });

  it("names every argument that differs", async () => {
    const wanted = { ...inputs, memoryLimit: "4g", name: "reports" };
    assert.deepEqual(await run(state, wanted), { replaces: ["name", "memoryLimit"] });
  });

  it("keeps the name where the program no longer has one", async () => {
    assert.deepEqual(await run({ ...state, name: "reports", __autoName: false }, inputs), same);
  });

  it("replaces where a recorded value is one that no argument can have", async () => {
    assert.deepEqual(await run({ ...state, memoryLimit: "5 bytes" }, inputs), { replaces: ["memoryLimit"] });
  });

  it("uses the default of an argument that an earlier release did not record", async () => {
    const old = { name: observed.name, backend: "docker", status: "running", createdAt: 1, location: engine.location };
    assert.deepEqual(await run(old, inputs), same);
    assert.deepEqual(await run({ ...old, docker: {} }, inputs), same);
    for (const arg of ["memoryLimit", "networkPolicy", "expiresAfter", "docker"]) {
      assert.deepEqual(await run(old, { ...inputs, [arg]: changed[arg] }), { replaces: [arg] });
    }
  });

  it("refuses to replace from another account or engine", async () => {
    const elsewhere = async () => ({ ...engine, location: "docker:ELSEWHERE" });
    await assert.rejects(run(state, { ...inputs, memoryLimit: "4g" }, elsewhere), /OC2010: /);
  });
});
