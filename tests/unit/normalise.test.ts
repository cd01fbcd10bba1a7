import assert from "node:assert/strict";
import { normalise } from "../../provider/model/normalise";
import { unknownValue } from "../../provider/model/unknowns";

const longSecret = "sk-proj-0123456789abcdefghijklmnopqrstuv";

function problemsOf(written: Record<string, unknown>): string[] {
  const result = normalise({ backend: "docker", ...written });
  return "problems" in result ? result.problems : [];
}

const minutes = (value: unknown) => ({ expiresAfter: { anchor: "last_active_at", minutes: value } });
const allowlist = (more: object) => ({
  networkPolicy: { type: "allowlist", allowedDomains: ["a.example.com"], ...more },
});

const bad: [what: string, written: Record<string, unknown>, message: string][] = [
  [
    "an unknown memory tier",
    { memoryLimit: "2g" },
    'OC1003: memoryLimit: got text of 2 characters, expected "1g", "4g", "16g" or "64g"',
  ],
  [
    "an unknown type of policy",
    { networkPolicy: { type: "open" } },
    'OC1003: networkPolicy.type: got text of 4 characters, expected "disabled" or "allowlist"',
  ],
  [
    "a policy without type",
    { networkPolicy: {} },
    'OC1001: networkPolicy.type: missing, expected "disabled" or "allowlist"',
  ],
  ["a policy that is a number", { networkPolicy: 5 }, "OC1003: networkPolicy: got a number, expected an object"],
  [
    "a policy that is text",
    { networkPolicy: "none" },
    "OC1003: networkPolicy: got text of 4 characters, expected an object",
  ],
  ["no minutes", minutes(undefined), "OC1001: expiresAfter.minutes: missing, expected a number"],
  ["minutes 0", minutes(0), "OC1003: expiresAfter.minutes: got a number below 1, expected at least 1"],
  ["minutes -1", minutes(-1), "OC1003: expiresAfter.minutes: got a number below 1, expected at least 1"],
  [
    "too many minutes",
    minutes(525_601),
    "OC1003: expiresAfter.minutes: got a number above 525600, expected at most 525600",
  ],
  ["half a minute", minutes(1.5), "OC1003: expiresAfter.minutes: got a fraction, expected a whole number"],
  ["minutes as text", minutes("20"), "OC1003: expiresAfter.minutes: got text of 2 characters, expected a number"],
  ["minutes NaN", minutes(Number.NaN), "OC1003: expiresAfter.minutes: got NaN, expected a number"],
  [
    "another anchor",
    { expiresAfter: { anchor: "created_at", minutes: 20 } },
    'OC1003: expiresAfter.anchor: got text of 10 characters, expected "last_active_at"',
  ],
  ["an empty name", { name: "" }, "OC1003: name: got an empty string, expected at least 1 character"],
  [
    "a long name",
    { name: "n".repeat(257) },
    "OC1003: name: got text of 257 characters, expected at most 256 characters",
  ],
  ["null", { memoryLimit: null }, 'OC1003: memoryLimit: got null, expected "1g", "4g", "16g" or "64g"'],
  [
    "an unknown argument",
    { memory: "1g" },
    "OC1002: memory: unknown property, expected one of name, memoryLimit, networkPolicy, expiresAfter, fileIds, skills, backend, docker",
  ],
  ["an unknown docker option", { docker: { imag: "alpine" } }, "OC1002: docker.imag: unknown property"],
  [
    "an unknown policy option",
    { networkPolicy: { type: "disabled", extra: true } },
    "OC1002: networkPolicy.extra: unknown property",
  ],
  ["an image that is a number", { docker: { image: 5 } }, "OC1003: docker.image: got a number, expected text"],
  [
    "an image name that Docker cannot parse",
    { docker: { image: "UPPER Case!" } },
    'OC1003: docker.image: got text of 11 characters, expected an image name such as "python:3.11-slim-bookworm" (lower case, with a registry, tag or digest if needed) or an image id',
  ],
  [
    "no domains",
    allowlist({ allowedDomains: [] }),
    "OC1003: networkPolicy.allowedDomains: got an empty list, expected at least 1 member",
  ],
  [
    "a domain that is a number",
    allowlist({ allowedDomains: [1] }),
    "OC1003: networkPolicy.allowedDomains[0]: got a number, expected text",
  ],
  [
    "a secret that is a number",
    allowlist({ domainSecrets: [{ domain: "a.example.com", name: "KEY", value: 12345 }] }),
    "OC1003: networkPolicy.domainSecrets[0].value: got a number, expected text",
  ],
  ["file ids that are text", { fileIds: "file-1" }, "OC1003: fileIds: got text of 6 characters, expected a list"],
  [
    "an empty file id",
    { fileIds: ["file-1", ""] },
    "OC1003: fileIds[1]: got an empty string, expected at least 1 character",
  ],
  ["skills that are an object", { skills: { type: "inline" } }, "OC1003: skills: got an object, expected a list"],
];

describe("normalise", () => {
  for (const [what, written, message] of bad) {
    it(`refuses ${what}`, () => assert.deepEqual(problemsOf(written), [message]));
  }

  it("refuses a missing backend", () => {
    assert.deepEqual(normalise({}), { problems: ['OC1001: backend: missing, expected "openai" or "docker"'] });
  });

  it("accepts values at the limits", () => {
    for (const written of [{ name: "n" }, { name: "n".repeat(256) }, minutes(1), minutes(525_600)]) {
      assert.deepEqual(problemsOf(written), []);
    }
  });

  it("takes an empty list of file ids or skills for none", () => {
    const result = normalise({ backend: "openai", fileIds: [], skills: [] });
    assert.deepEqual(result, normalise({ backend: "openai" }));
    assert.deepEqual("value" in result && Object.keys(result.value).toSorted(), [
      "backend",
      "expiresAfter",
      "memoryLimit",
      "networkPolicy",
    ]);
  });

  it("keeps all unknown members of a set, as they may turn out to differ", () => {
    const fileIds = [unknownValue, "file-1", unknownValue, "file-1"];
    const result = normalise({ backend: "openai", fileIds });
    assert.deepEqual("value" in result && result.value["fileIds"], fileIds);
  });

  it("validates file ids beside one that is not known yet", () => {
    assert.deepEqual(problemsOf({ fileIds: [unknownValue, ""] }), [
      "OC1003: fileIds[1]: got an empty string, expected at least 1 character",
    ]);
  });

  it("reports each invalid property once", () => {
    assert.deepEqual(problemsOf({ name: "", memoryLimit: "2g", docker: { image: "", imag: 1 }, ...minutes(1e300) }), [
      "OC1003: name: got an empty string, expected at least 1 character",
      'OC1003: memoryLimit: got text of 2 characters, expected "1g", "4g", "16g" or "64g"',
      "OC1003: expiresAfter.minutes: got a number above 525600, expected at most 525600",
      "OC1003: docker.image: got an empty string, expected at least 1 character",
      "OC1002: docker.imag: unknown property",
    ]);
  });

  for (const secret of [longSecret, "CANARY2g"]) {
    it(`never quotes a value, as each could be a secret: ${secret}`, () => {
      const places: Record<string, unknown>[] = [
        { memoryLimit: secret },
        { networkPolicy: secret },
        { networkPolicy: { type: secret } },
        { networkPolicy: [secret] },
        allowlist({ allowedDomains: secret }),
        allowlist({ allowedDomains: [secret] }),
        allowlist({ domainSecrets: secret }),
        allowlist({ domainSecrets: [secret] }),
        allowlist({ domainSecrets: [{ domain: "a.example.com", name: "KEY", valeu: secret }] }),
        allowlist({ domainSecrets: [{ domain: secret, name: secret, value: `${secret}\n` }] }),
        { fileIds: secret },
        { skills: [secret] },
        { skills: [{ type: "skill_reference", skillId: secret.repeat(2), version: secret }] },
        {
          skills: [
            {
              type: "inline",
              name: "n",
              description: "d",
              source: { type: "base64", mediaType: secret, data: secret },
            },
          ],
        },
        { expiresAfter: secret },
        { expiresAfter: { anchor: secret, minutes: secret } },
        { backend: secret },
        { docker: secret },
        { docker: { imag: secret } },
        { password: secret },
        { docker: { egress: { privateRanges: [secret], certificateAuthorities: [secret] } } },
      ];
      for (const written of places) {
        const problems = problemsOf(written);
        assert.notDeepEqual(problems, []);
        assert.doesNotMatch(problems.join("\n"), new RegExp(secret));
      }
    });
  }

  it("never quotes a number", () => {
    const problems = [
      ...problemsOf(minutes(31337000)),
      ...problemsOf({ skills: [{ type: "skill_reference", skillId: "a", version: -31337 }] }),
      ...problemsOf({ memoryLimit: 31337 }),
    ];
    assert.equal(problems.length, 3);
    assert.doesNotMatch(problems.join("\n"), /31337/);
  });

  it("reports the length of a text", () => {
    assert.deepEqual(problemsOf({ backend: longSecret }), [
      'OC1003: backend: got text of 40 characters, expected "openai" or "docker"',
    ]);
  });
});
