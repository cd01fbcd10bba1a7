import assert from "node:assert/strict";
import { HostStack, type Step } from "../support/host/host-stack";
import { type TestBackend, testBackends } from "../support/test-backend";

const policy = { type: "allowlist", allowedDomains: ["API.GitHub.com.", "pypi.example.com"] };
const skill = { type: "skill_reference", skillId: "openai-spreadsheets", version: 2 };
const otherNames = { type: "allowlist", allowedDomains: ["a.example.com"] };

/** The arguments of a container by backend, a change of each, and other spellings of the same values. */
const arguments_ = {
  hosted: {
    before: { memoryLimit: "1g", networkPolicy: policy, fileIds: ["file-1", "file-2"], skills: [skill] },
    changed: {
      memoryLimit: "4g",
      name: "another name",
      expiresAfter: { anchor: "last_active_at", minutes: 5 },
      networkPolicy: otherNames,
      fileIds: ["file-1", "file-3"],
      skills: [{ ...skill, version: 3 }],
    },
    same: {
      networkPolicy: { type: "allowlist", allowedDomains: ["pypi.example.com", "api.github.com"] },
      fileIds: ["file-2", "file-1"],
      skills: [{ ...skill, version: "2" }],
    },
  },
  docker: {
    before: { memoryLimit: "1g" },
    changed: {
      memoryLimit: "4g",
      name: "another name",
      expiresAfter: { anchor: "last_active_at", minutes: 5 },
      networkPolicy: otherNames,
      docker: { image: "other:1" },
    },
    same: { networkPolicy: { type: "disabled" }, expiresAfter: { anchor: "last_active_at", minutes: 20 } },
  },
};

for (const name of ["hosted", "docker"] as const) {
  describe(`a preview of changed arguments (${name})`, function () {
    this.timeout(180_000);
    const { before: written, changed, same } = arguments_[name];
    let backend: TestBackend;
    let stack: HostStack;
    let steps: Record<string, Step>;

    /** A container for each change, whose resource has the argument's name. */
    const program = (isChanged: boolean) => {
      const all = Object.entries({ ...changed, same }).map(([key, value]) => {
        const change = key === "same" ? same : { [key]: value };
        return [key, { ...backend.arguments, ...written, ...(isChanged && change) }];
      });
      return stack.containers(Object.fromEntries(all));
    };

    before(async () => {
      backend = await testBackends[name]();
      stack = new HostStack(backend.env);
      stack.config = { "openai-containers:gatewayImage": "none" };
      await program(false).up();
      ({ steps } = await program(true).preview());
    });
    after(() => stack.end(backend.holder).finally(() => backend.stop()));

    for (const key of Object.keys(changed)) {
      it(`replaces a container for another ${key}, and shows no other changed argument`, () => {
        assert.deepEqual(steps[key], { op: "replace", reasons: [key], changed: [key] });
      });
    }

    it("shows no change for another spelling of the same values", () => {
      assert.deepEqual(steps["same"], { op: "same", reasons: [], changed: [] });
    });
  });
}
