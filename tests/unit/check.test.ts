import assert from "node:assert/strict";
import { backendKinds } from "../../provider/backends";
import { readSettings } from "../../provider/config";
import { type Checked, check } from "../../provider/lifecycle/check";
import { unknownValue } from "../../provider/model/unknowns";

const docker = { value: "docker", source: "openai-containers:backend" };

function checked(written: Record<string, unknown>, { recorded = {}, setting = docker } = {}): Checked {
  return check(recorded, written, setting, backendKinds);
}

describe("check", () => {
  it("fills in every default", () => {
    assert.deepEqual(checked({ __urn: "urn:a" }), {
      inputs: {
        memoryLimit: "1g",
        networkPolicy: { type: "disabled" },
        expiresAfter: { anchor: "last_active_at", minutes: 20 },
        backend: "docker",
        docker: { image: "python:3.11-slim-bookworm" },
        __urn: "urn:a",
      },
      problems: [],
    });
  });

  it("takes the setting's backend where the program names none", () => {
    const setting = { value: "openai", source: "the default" };
    const { inputs, problems } = checked({}, { setting });
    assert.equal(inputs["backend"], "openai");
    assert.deepEqual(problems, []);
  });

  it("takes the backend of the stack's configuration, and else openai", () => {
    const config: Record<string, string> = { "openai-containers:backend": "docker" };
    assert.deepEqual(readSettings({}, (key) => config[key]).backend, docker);
    assert.deepEqual(readSettings({}, () => undefined).backend, { value: "openai", source: "the default" });
  });

  it("takes the program's backend before the setting's, even where the setting is bad", () => {
    const setting = { value: "podman", source: "openai-containers:backend" };
    const { inputs, problems } = checked({ backend: "docker" }, { setting });
    assert.equal(inputs["backend"], "docker");
    assert.deepEqual(problems, []);
  });

  it("names the setting that is bad, and nothing else", () => {
    const setting = { value: "podman", source: "openai-containers:backend" };
    const written = { memoryLimit: "2g" };
    assert.deepEqual(checked(written, { setting }), {
      inputs: written,
      problems: ['openai-containers:backend in the stack\'s configuration must be "openai" or "docker"'],
    });
  });

  it("keeps an image that was written", () => {
    assert.deepEqual(checked({ docker: { image: "alpine" } }).inputs["docker"], { image: "alpine" });
  });

  it("gives no docker options to another backend", () => {
    assert.equal("docker" in checked({ backend: "openai" }).inputs, false);
  });

  it("takes docker options on docker only", () => {
    const [problem = "", ...more] = checked({ backend: "openai", docker: { image: "alpine" } }).problems;
    assert.match(problem, /^docker: /);
    assert.deepEqual(more, []);
  });

  it("takes file ids and skills on openai, and on docker none but an empty list", () => {
    const written = { fileIds: ["file-1"], skills: [{ type: "skill_reference", skillId: "skill_1" }] };
    assert.deepEqual(checked({ backend: "openai", ...written }).problems, []);
    assert.deepEqual(
      checked(written).problems.map((problem) => problem.split(":")[0]),
      ["fileIds", "skills"],
    );
    assert.deepEqual(checked({ fileIds: [], skills: [] }), checked({}));
  });

  it("refuses an allowlist on docker", () => {
    const networkPolicy = { type: "allowlist", allowedDomains: ["a.example"] };
    assert.deepEqual(checked({ networkPolicy }).problems, [
      'networkPolicy.type: got "allowlist", which the docker backend of this release cannot honour, expected "disabled"',
    ]);
    assert.deepEqual(checked({ networkPolicy: { ...networkPolicy, allowedDomains: unknownValue } }).problems.length, 1);
  });

  it("hands back what is wrong as it was written", () => {
    const written = { memoryLimit: "2g", __urn: "urn:a" };
    assert.deepEqual(checked(written), {
      inputs: written,
      problems: ['memoryLimit: got "2g", expected "1g", "4g", "16g" or "64g"'],
    });
  });

  it("keeps the recorded URN over the written one", () => {
    const recorded = { __urn: "urn:first" };
    assert.equal(checked({ __urn: "urn:now" }, { recorded }).inputs["__urn"], "urn:first");
    assert.equal(checked({ __urn: "urn:now" }).inputs["__urn"], "urn:now");
  });

  it("keeps the recorded order of sets", () => {
    const policy = (...allowedDomains: string[]) => ({ networkPolicy: { type: "allowlist", allowedDomains } });
    const recorded = { backend: "openai", fileIds: ["a", "b"], ...policy("a.example", "b.example") };
    const written = { backend: "openai", fileIds: ["c", "b", "a"], ...policy("B.example", "A.example") };
    const { inputs } = checked(written, { recorded });
    assert.deepEqual(inputs["fileIds"], ["a", "b", "c"]);
    assert.deepEqual(inputs["networkPolicy"], recorded.networkPolicy);
  });

  it("takes nothing else from what is recorded", () => {
    const recorded = { name: "old", memoryLimit: "4g", fileIds: ["file-1"], __urn: "urn:first" };
    assert.deepEqual(checked({}, { recorded }).inputs, checked({ __urn: "urn:first" }).inputs);
  });

  it("does not judge what begins with two underscores", () => {
    const { inputs, problems } = checked({ __provider: 5, __defaults: ["name"], __urn: "urn:a" });
    assert.deepEqual(problems, []);
    assert.equal("__provider" in inputs, false);
    assert.equal("__defaults" in inputs, false);
  });

  it("lets a backend pass that is not known yet", () => {
    const { inputs, problems } = checked({ backend: unknownValue, networkPolicy: { type: "allowlist" } });
    assert.deepEqual(problems, ["networkPolicy.allowedDomains: missing, expected a list"]);
    assert.equal(inputs["backend"], unknownValue);
    assert.deepEqual(checked({ backend: unknownValue }).problems, []);
  });

  it("lets a policy pass that is not known yet", () => {
    assert.deepEqual(checked({ networkPolicy: unknownValue }).problems, []);
    assert.deepEqual(checked({ networkPolicy: { type: unknownValue } }).problems, []);
  });

  it("refuses a backend that is none", () => {
    assert.deepEqual(checked({ backend: "podman" }).problems, ['backend: got "podman", expected "openai" or "docker"']);
  });
});
