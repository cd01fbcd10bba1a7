import assert from "node:assert/strict";
import {
  activityFrom,
  containerResponse,
  createBody,
  observedFrom,
  pageResponse,
  propertyOf,
  valueAt,
} from "../../provider/backends/openai/wire";
import { outputsOf, recordFrom } from "../../provider/model/record";

type Sent = Parameters<typeof createBody>[0];

const plain: Sent = {
  name: "analysis",
  memoryLimit: "1g",
  networkPolicy: { type: "disabled" },
  expiresAfter: { anchor: "last_active_at", minutes: 20 },
  backend: "openai",
};

/** As the published description has a container, with nothing but what it requires. */
const response = { id: "cntr_1", object: "container", name: "analysis", created_at: 1_747_857_508, status: "running" };
const required = { id: "cntr_1", name: "analysis", createdAt: 1_747_857_508, status: "running" };

function observed(more: Record<string, unknown>) {
  const seen = observedFrom(containerResponse.parse({ ...response, ...more }));
  return Object.fromEntries(Object.entries(seen).filter(([, value]) => value !== undefined));
}

describe("createBody maps", () => {
  const body = (changes: Partial<Sent>) => {
    const { name: _, ...sent } = createBody({ ...plain, ...changes, name: plain.name });
    return sent;
  };
  const rest = {
    memory_limit: "1g",
    network_policy: { type: "disabled" },
    expires_after: { anchor: "last_active_at", minutes: 20 },
  };
  const data = "UEsFBg==";

  const cases: [argument: string, changes: Partial<Sent>, wire: Record<string, unknown>][] = [
    ["a container with the required arguments only", {}, {}],
    ["memoryLimit", { memoryLimit: "64g" }, { memory_limit: "64g" }],
    [
      "expiresAfter",
      { expiresAfter: { anchor: "last_active_at", minutes: 5 } },
      { expires_after: { anchor: "last_active_at", minutes: 5 } },
    ],
    [
      "networkPolicy.allowedDomains",
      { networkPolicy: { type: "allowlist", allowedDomains: ["pypi.example.com"] } },
      { network_policy: { type: "allowlist", allowed_domains: ["pypi.example.com"] } },
    ],
    [
      "networkPolicy.domainSecrets",
      {
        networkPolicy: {
          type: "allowlist",
          allowedDomains: ["pypi.example.com"],
          domainSecrets: [{ domain: "pypi.example.com", name: "TOKEN", value: "s3cret" }],
        },
      },
      {
        network_policy: {
          type: "allowlist",
          allowed_domains: ["pypi.example.com"],
          domain_secrets: [{ domain: "pypi.example.com", name: "TOKEN", value: "s3cret" }],
        },
      },
    ],
    ["fileIds", { fileIds: ["file-1", "file-2"] }, { file_ids: ["file-1", "file-2"] }],
    [
      "skills by reference, without and with a version",
      {
        skills: [
          { type: "skill_reference", skillId: "skill_1" },
          { type: "skill_reference", skillId: "skill_2", version: "latest" },
        ],
      },
      {
        skills: [
          { type: "skill_reference", skill_id: "skill_1" },
          { type: "skill_reference", skill_id: "skill_2", version: "latest" },
        ],
      },
    ],
    [
      "skills inline",
      {
        skills: [
          {
            type: "inline",
            name: "report",
            description: "Writes reports",
            source: { type: "base64", mediaType: "application/zip", data },
          },
        ],
      },
      {
        skills: [
          {
            type: "inline",
            name: "report",
            description: "Writes reports",
            source: { type: "base64", media_type: "application/zip", data },
          },
        ],
      },
    ],
  ];
  for (const [argument, changes, wire] of cases) {
    it(argument, () => {
      assert.deepEqual(body(changes), { ...rest, ...wire });
    });
  }

  it("the name", () => {
    assert.equal(createBody(plain).name, "analysis");
  });
});

describe("observedFrom maps", () => {
  it("the fields that the API guarantees, and no others", () => {
    assert.deepEqual(observed({}), required);
  });

  const cases: [field: string, wire: Record<string, unknown>, ours: Record<string, unknown>][] = [
    ["memory_limit", { memory_limit: "16g" }, { memoryLimit: "16g" }],
    [
      "expires_after",
      { expires_after: { anchor: "last_active_at", minutes: 20 } },
      { expiresAfter: { anchor: "last_active_at", minutes: 20 } },
    ],
    ["network_policy, disabled", { network_policy: { type: "disabled" } }, { networkPolicy: { type: "disabled" } }],
    [
      "network_policy, allowlist",
      { network_policy: { type: "allowlist", allowed_domains: ["pypi.example.com"] } },
      { networkPolicy: { type: "allowlist", allowedDomains: ["pypi.example.com"] } },
    ],
    ["an unknown status", { status: "hibernating" }, { status: "hibernating" }],
    ["an unknown memory tier", { memory_limit: "128g" }, { memoryLimit: "128g" }],
    [
      "an unknown network policy",
      { network_policy: { type: "open", ports: [1] } },
      { networkPolicy: { type: "open" } },
    ],
    ["unknown fields, which it drops", { last_active_at: 1, region: "eu", gpu: { count: 1 } }, {}],
    ["null as a missing field", { memory_limit: null, expires_after: null, network_policy: null }, {}],
    [
      "a value of another shape as a missing field",
      { memory_limit: 1, expires_after: "never", network_policy: [] },
      {},
    ],
    ["an incomplete expires_after as a missing field", { expires_after: { minutes: 5 } }, {}],
  ];
  for (const [field, wire, ours] of cases) {
    it(field, () => {
      assert.deepEqual(observed(wire), { ...required, ...ours });
    });
  }

  it("no response without the fields that the API guarantees", () => {
    for (const field of ["id", "name", "created_at", "status"]) {
      assert.equal(containerResponse.safeParse({ ...response, [field]: undefined }).success, false, field);
    }
    assert.equal(containerResponse.safeParse({ ...response, id: "" }).success, false); // DELETE /containers/ is another request
    assert.equal(containerResponse.safeParse("<html>").success, false);
    assert.equal(pageResponse.safeParse({ data: [response] }).success, false);
    assert.deepEqual(pageResponse.parse({ object: "list", data: [], first_id: null, has_more: false }).data, []);
  });
});

describe("activityFrom", () => {
  const last_active_at = response.created_at + 100;
  const expires_after = { anchor: "last_active_at", minutes: 5 };
  const activity = (more: Record<string, unknown>) => activityFrom(containerResponse.parse({ ...response, ...more }));

  it("reports the last use of a container that is not expired", () => {
    for (const status of ["running", "active", "hibernating"]) {
      assert.deepEqual(activity({ status, last_active_at, expires_after }), { lastActiveAt: last_active_at });
    }
  });

  it("reports when an expired container expired, after all of its minutes", () => {
    const expiredAt = last_active_at + 300;
    const seen = activity({ status: "expired", last_active_at, expires_after });
    assert.deepEqual(seen, { lastActiveAt: last_active_at, expiredAt });
  });

  it("reports no more than the service does", () => {
    assert.deepEqual(activity({}), {});
    assert.deepEqual(activity({ status: "expired", expires_after }), {});
    assert.deepEqual(activity({ status: "expired", last_active_at }), { lastActiveAt: last_active_at });
    assert.deepEqual(activity({ status: "expired", last_active_at: null, expires_after }), {});
    assert.deepEqual(activity({ status: "expired", last_active_at: "yesterday", expires_after }), {});
  });
});

describe("recordFrom of a response", () => {
  const place = { name: "openai", location: "openai:HERE" } as const;
  const policy = {
    type: "allowlist",
    allowedDomains: ["pypi.example.com", "api.github.com"],
    domainSecrets: [{ domain: "pypi.example.com", name: "TOKEN", value: "s3cret" }],
  };
  const recorded = {
    ...plain,
    memoryLimit: "4g",
    networkPolicy: policy,
    expiresAfter: { anchor: "last_active_at", minutes: 5 },
    fileIds: ["file-1"],
    skills: [{ type: "skill_reference", skillId: "skill_1" }],
  };
  const outputs = (more: Record<string, unknown>) =>
    outputsOf(observedFrom(containerResponse.parse({ ...response, ...more })), place, recordFrom(recorded));
  const unchanged = {
    ...{ docker: null, imageId: null, project: null }, // outputs that do not apply
    ...recorded,
    object: "container",
    status: "running",
    createdAt: response.created_at,
    location: "openai:HERE",
  };

  it("keeps the recorded values of fields that it leaves out", () => {
    assert.deepEqual(outputs({}), unchanged);
    assert.deepEqual(outputs({ network_policy: { type: "allowlist" } }), unchanged);
  });

  it("keeps the recorded order of domains, as they are a set", () => {
    const network_policy = { type: "allowlist", allowed_domains: ["api.github.com", "pypi.example.com"] };
    assert.deepEqual(outputs({ network_policy }), unchanged);
  });

  it("changes only the values that differ", () => {
    assert.deepEqual(outputs({ memory_limit: "1g" }), { ...unchanged, memoryLimit: "1g" });
    const expires_after = { anchor: "last_active_at", minutes: 20 };
    assert.deepEqual(outputs({ expires_after }), { ...unchanged, expiresAfter: expires_after });
    const network_policy = { type: "allowlist", allowed_domains: ["pypi.example.com", "evil.example.com"] };
    const networkPolicy = { ...policy, allowedDomains: ["pypi.example.com", "evil.example.com"] };
    assert.deepEqual(outputs({ network_policy }), { ...unchanged, networkPolicy });
    assert.deepEqual(outputs({ network_policy: { type: "disabled" } }), {
      ...unchanged,
      networkPolicy: { type: "disabled" },
    });
  });
});

describe("valueAt", () => {
  const body = createBody({
    ...plain,
    fileIds: ["file-1", "file-2"],
    skills: [
      { type: "skill_reference", skillId: "skill_1", version: "99" },
      {
        type: "inline",
        name: "report",
        description: "Writes reports",
        source: { type: "base64", mediaType: "application/zip", data: "eA==" },
      },
    ],
  });
  const cases: [param: string, value: string | undefined][] = [
    ["file_ids[1]", "file-2"],
    ["file_ids[2]", undefined],
    ["skills[0]", "skill_1"],
    ["skills[0].skill_id", "skill_1"],
    ["skills[0].version", "99"],
    ["skills[1].source.data", "report"],
    ["name", undefined],
  ];
  for (const [param, value] of cases) {
    it(`finds the id, name or version of the parameter ${param}`, () => assert.equal(valueAt(body, param), value));
  }
});

describe("propertyOf", () => {
  it("maps an error's param to the argument's name in the program", () => {
    assert.equal(propertyOf("memory_limit"), "memoryLimit");
    assert.equal(propertyOf("network_policy.domain_secrets[0].value"), "networkPolicy.domainSecrets[0].value");
    assert.equal(propertyOf("skills[1].source.media_type"), "skills[1].source.mediaType");
    assert.equal(propertyOf("file_ids[2]"), "fileIds[2]");
    assert.equal(propertyOf("name"), "name");
  });
});
