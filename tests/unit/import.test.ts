import assert from "node:assert/strict";
import type { Candidate } from "../../provider/backends/backend";
import { adopted } from "../../provider/lifecycle/import/adopt";
import { differences } from "../../provider/lifecycle/import/differences";
import { HeldContainers } from "../../provider/lifecycle/import/held-containers";
import { withProgramValues } from "../../provider/lifecycle/import/unreported";
import { isSameImage } from "../../provider/model/image-names";
import { recordFrom } from "../../provider/model/record";
import { valuesOfNoArgument } from "../../provider/model/values-of-no-argument";

const urnOf = (name: string) => `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/openai-containers:Container::${name}`;

describe("isSameImage", () => {
  const id = `sha256:${"3f".repeat(32)}`;
  const names = ["python:latest", "registry.example.com/team/python:3", `python@sha256:${"ab".repeat(32)}`, id];

  for (const name of [
    "python",
    "python:latest",
    "library/python",
    "registry.example.com/team/python:3",
    `python@sha256:${"ab".repeat(32)}`,
    id,
    id.slice("sha256:".length),
    id.slice(0, "sha256:".length + 12),
  ]) {
    it(`accepts ${name}`, () => assert.equal(isSameImage(name, names), true));
  }

  for (const name of [
    "python:3",
    "team/python",
    "registry.example.com/team/python",
    "registry.example.com/python:3",
    "3f3f",
  ]) {
    it(`denies ${name}`, () => assert.equal(isSameImage(name, names), false));
  }
});

describe("differences", () => {
  const candidate: Candidate = {
    observed: {
      id: "cntr_1",
      name: "reports",
      status: "running",
      createdAt: 1,
      reportedAt: 2,
      networkPolicy: { type: "allowlist", allowedDomains: ["a.example.com"] },
    },
    refusals: [],
    missing: [],
    secretNames: ["TOKEN"],
  };
  const secret = (name: string, value = "sk-1") => ({ domain: "a.example.com", name, value });
  const policy = (...domainSecrets: object[]) => ({
    networkPolicy: {
      type: "allowlist",
      allowedDomains: ["a.example.com"],
      ...(domainSecrets.length > 0 && { domainSecrets }),
    },
  });

  it("compares the names of domain secrets where the backend knows them, and never a value", () => {
    assert.deepEqual(differences(policy(secret("TOKEN", "any")), candidate), []);
    const path = "networkPolicy.domainSecrets";
    assert.deepEqual(differences(policy(secret("KEY")), candidate), [{ path, program: ["KEY"], live: ["TOKEN"] }]);
    assert.deepEqual(differences(policy(), candidate), [{ path, program: [], live: ["TOKEN"] }]);
    const { secretNames: _, ...hosted } = candidate;
    assert.deepEqual(differences(policy(secret("KEY")), hosted), []);
  });

  it("compares runtimes, where one that is not named is the engine's default", () => {
    const image = "debian:12";
    const of = (written: object, live: object) => {
      const { networkPolicy: _, ...observed } = candidate.observed;
      const docker = { image, ...live };
      return differences(
        { docker: { image, ...written } },
        { observed: { ...observed, docker }, refusals: [], missing: [], defaultRuntime: "runc" },
      );
    };
    const difference = (program: string, live: string) => [{ path: "docker.runtime", program, live }];
    const runsc = { runtime: "runsc" };
    for (const written of [{}, { runtime: "runc" }]) {
      assert.deepEqual(of(written, {}), []);
      assert.deepEqual(of(written, runsc), difference("runc", "runsc"));
    }
    assert.deepEqual(of(runsc, runsc), []);
    assert.deepEqual(of(runsc, {}), difference("runsc", "runc"));
    assert.deepEqual(of({ runtime: "kata" }, runsc), difference("kata", "runsc"));
  });

  it("does not compare what the backend does not report", () => {
    assert.deepEqual(
      differences({ ...policy(secret("TOKEN")), memoryLimit: "64g", fileIds: ["file-1"] }, candidate),
      [],
    );
  });
});

describe("adopted", () => {
  const place = { name: "docker" as const, location: "docker:HERE" };
  const observed = {
    ...{ id: "3f".repeat(32), name: "tools", status: "running", createdAt: 1, reportedAt: 2, memoryLimit: "4g" },
    ...{ networkPolicy: { type: "disabled" }, docker: { image: "debian:12" }, imageId: "sha256:1" },
  };
  const imagesWith = (args: object) => {
    const { inputs, outputs } = adopted({ observed, refusals: [], missing: [] }, { name: "tools", ...args }, place);
    return [inputs["docker"], outputs["docker"]];
  };

  it("has the image as the arguments name it, or else as the engine does", () => {
    const image = { image: "debian" };
    assert.deepEqual(imagesWith({ backend: "docker", docker: image }), [image, image]);
    assert.deepEqual(imagesWith({ backend: "docker" }), [observed.docker, observed.docker]);
  });

  it("lists in inputs and outputs what neither the backend reports nor the arguments have", () => {
    const { inputs, outputs } = adopted({ observed, refusals: [], missing: [] }, { backend: "docker" }, place);
    const unreported = ["expiresAfter", "fileIds", "skills"];
    assert.deepEqual([inputs["__unreported"], outputs["__unreported"]], [unreported, unreported]);
    assert.deepEqual([inputs["memoryLimit"], outputs["memoryLimit"]], ["4g", "4g"]);
  });
});

describe("withProgramValues", () => {
  const record = recordFrom({
    backend: "openai",
    networkPolicy: { type: "allowlist", allowedDomains: ["a.example.com"] },
    __unreported: ["fileIds", "networkPolicy.domainSecrets"],
  });
  const domainSecrets = [{ domain: "a.example.com", name: "TOKEN", value: "sk-1" }];
  const given = { fileIds: ["file-1"], networkPolicy: { ...record.networkPolicy, domainSecrets } };

  it("takes the program's values as long as the recorded inputs list them as not reported", () => {
    const recorded = { __unreported: ["fileIds", "networkPolicy.domainSecrets"] };
    const { fileIds, networkPolicy } = withProgramValues(record, given, recorded);
    assert.deepEqual({ fileIds, networkPolicy }, given);
  });

  it("takes the recorded inputs after that, where a program left a value out too", () => {
    const { fileIds, networkPolicy } = withProgramValues(record, given, { networkPolicy: given.networkPolicy });
    assert.deepEqual([fileIds, networkPolicy], [undefined, given.networkPolicy]);
    assert.deepEqual(withProgramValues(record, given, {}).networkPolicy, record.networkPolicy);
  });

  it("returns the record of a container that was not imported by a file", () => {
    const created = recordFrom({ backend: "openai", fileIds: ["file-1"] });
    assert.equal(withProgramValues(created, {}, {}), created);
  });
});

describe("valuesOfNoArgument", () => {
  const observed = { id: "cntr_1", name: "reports", status: "running", createdAt: 1 };

  it("names the values that no argument can have", () => {
    const policy = { type: "allowlist", allowedDomains: ["*.example.com"] };
    assert.deepEqual(valuesOfNoArgument({ ...observed, memoryLimit: "2g", networkPolicy: policy }), [
      'its memoryLimit is "2g", which no argument can be',
      'its networkPolicy is {"type":"allowlist","allowedDomains":["*.example.com"]}, which no argument can be',
    ]);
  });

  it("accepts other values, and those that are not reported", () => {
    assert.deepEqual(valuesOfNoArgument({ ...observed, memoryLimit: "4g", networkPolicy: { type: "allowlist" } }), []);
  });
});

describe("HeldContainers", () => {
  const [a, b] = [urnOf("a"), urnOf("b")];

  it("has one resource for each container of a run", () => {
    const held = new HeldContainers();
    held.claim("cntr_1", a);
    held.claim("cntr_1", a);
    assert.equal(held.holderOf("cntr_1"), a);
    assert.throws(() => held.claim("cntr_1", b), /OC2404: Container cntr_1 would belong to two resources: a and b/);
  });

  it("lets a container go that is replaced, or whose resource gets another", () => {
    const held = new HeldContainers();
    held.claim("cntr_1", a);
    held.release(a);
    held.claim("cntr_1", b);
    held.claim("cntr_2", b);
    assert.deepEqual([held.holderOf("cntr_1"), held.holderOf("cntr_2")], [undefined, b]);
  });

  it("has no container that the run has deleted", () => {
    const held = new HeldContainers();
    held.delete("cntr_1");
    assert.throws(() => held.claim("cntr_1", a), /OC2405: Container cntr_1 was deleted in this run/);
  });
});
