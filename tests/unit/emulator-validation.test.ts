import assert from "node:assert/strict";
import type { z } from "zod";
import { createBodySchema } from "../../sdk/emulator/containers/create-body-schema";
import type { CreateContainerBody } from "../../sdk/emulator/containers/create-container-body";
import { validate } from "../../sdk/emulator/http/validate";
import { type Rejection, rejectionOf } from "../support/rejection-of";
import type { Same } from "../support/same";

const schema = createBodySchema({ maximumMinutes: 20, organizationDomains: ["a.example.com", "b.example.com"] });

// The public type is written by hand, without zod: this does not compile where it and the schema differ.
const bodyAndSchemaAreTheSame: Same<CreateContainerBody, z.output<typeof schema>> = true;

/** Only what JSON can express. */
const body = (value: unknown) => validate(schema, JSON.parse(JSON.stringify(value)));
const expiry = (value: object) => ({ name: "n", expires_after: { anchor: "last_active_at", minutes: 5, ...value } });
const allowlist = (more: object) => ({
  name: "n",
  network_policy: { type: "allowlist", allowed_domains: ["a.example.com"], ...more },
});
const secrets = (more: object) =>
  allowlist({ domain_secrets: [{ domain: "a.example.com", name: "KEY", value: "s3cret", ...more }] });
const skill = (value: object) => ({
  name: "n",
  skills: [{ type: "skill_reference", skill_id: "s" }, value],
});
const inline = (source: object) =>
  skill({
    type: "inline",
    name: "s",
    description: "d",
    source: { type: "base64", media_type: "application/zip", data: "eA==", ...source },
  });

const invalid: [what: string, value: unknown, ...Rejection][] = [
  ["a missing name", {}, "name", "missing_required_parameter", "Missing required parameter: 'name'."],
  ["an unknown field", { name: "n", foo: 1 }, "foo", "unknown_parameter", "Unknown parameter: 'foo'."],
  [
    "a number for a name",
    { name: 5 },
    "name",
    "invalid_type",
    "Invalid type for 'name': expected a string, but got an integer instead.",
  ],
  [
    "null for a name",
    { name: null },
    "name",
    "invalid_type",
    "Invalid type for 'name': expected a string, but got null instead.",
  ],
  [
    "a list for a body",
    [],
    null,
    "invalid_type",
    "Invalid type for the request body: expected an object, but got an array instead.",
  ],
  [
    "an unknown memory tier",
    { name: "n", memory_limit: "2g" },
    "memory_limit",
    "invalid_value",
    "Invalid value: '2g'. Supported values are: '1g', '4g', '16g', and '64g'.",
  ],
  [
    "a number for a memory tier",
    { name: "n", memory_limit: 4 },
    "memory_limit",
    "invalid_type",
    "Invalid type for 'memory_limit': expected one of '1g', '4g', '16g', or '64g', but got an integer instead.",
  ],
  [
    "more than 50 file ids",
    { name: "n", file_ids: Array(51).fill("file-1") },
    "file_ids",
    "array_above_max_length",
    "Invalid 'file_ids': array too long. Expected an array with maximum length 50, but got an array with length 51 instead.",
  ],
  [
    "more than 200 skills",
    { name: "n", skills: Array(201).fill({ type: "skill_reference", skill_id: "s" }) },
    "skills",
    "array_above_max_length",
    "Invalid 'skills': array too long. Expected an array with maximum length 200, but got an array with length 201 instead.",
  ],
  [
    "a boolean for a file id",
    { name: "n", file_ids: ["file-1", true] },
    "file_ids[1]",
    "invalid_type",
    "Invalid type for 'file_ids[1]': expected a string, but got a boolean instead.",
  ],
  [
    "null for an expiry",
    { name: "n", expires_after: null },
    "expires_after",
    "invalid_type",
    "Invalid type for 'expires_after': expected an object, but got null instead.",
  ],
  [
    "an expiry without minutes",
    expiry({ minutes: undefined }),
    "expires_after.minutes",
    "missing_required_parameter",
    "Missing required parameter: 'expires_after.minutes'.",
  ],
  [
    "an expiry without an anchor",
    expiry({ anchor: undefined }),
    "expires_after.anchor",
    "missing_required_parameter",
    "Missing required parameter: 'expires_after.anchor'.",
  ],
  [
    "another anchor",
    expiry({ anchor: "created_at" }),
    "expires_after.anchor",
    "invalid_value",
    "Invalid value: 'created_at'. Value must be 'last_active_at'.",
  ],
  [
    "more minutes than the maximum",
    expiry({ minutes: 60 }),
    "expires_after.minutes",
    "integer_above_max_value",
    "Invalid 'expires_after.minutes': integer above maximum value. Expected a value <= 20, but got 60 instead.",
  ],
  [
    "zero minutes",
    expiry({ minutes: 0 }),
    "expires_after.minutes",
    "integer_below_min_value",
    "Invalid 'expires_after.minutes': integer below minimum value. Expected a value >= 1, but got 0 instead.",
  ],
  [
    "a fraction of a minute",
    expiry({ minutes: 30.5 }),
    "expires_after.minutes",
    "invalid_type",
    "Invalid type for 'expires_after.minutes': expected an integer, but got a decimal number instead.",
  ],
  [
    "a policy without a type",
    { name: "n", network_policy: {} },
    "network_policy.type",
    "missing_required_parameter",
    "Missing required parameter: 'network_policy.type'.",
  ],
  [
    "an unknown policy",
    { name: "n", network_policy: { type: "open" } },
    "network_policy.type",
    "invalid_value",
    "Invalid value: 'open'. Supported values are: 'disabled' and 'allowlist'.",
  ],
  [
    "allowed domains of a disabled policy",
    { name: "n", network_policy: { type: "disabled", allowed_domains: ["a.example.com"] } },
    "network_policy.allowed_domains",
    "unknown_parameter",
    "Unknown parameter: 'network_policy.allowed_domains'.",
  ],
  [
    "an empty list of domains",
    allowlist({ allowed_domains: [] }),
    "network_policy.allowed_domains",
    "empty_array",
    "Invalid 'network_policy.allowed_domains': empty array. Expected an array with minimum length 1, but got an empty array instead.",
  ],
  [
    "an empty list of secrets",
    allowlist({ domain_secrets: [] }),
    "network_policy.domain_secrets",
    "empty_array",
    "Invalid 'network_policy.domain_secrets': empty array. Expected an array with minimum length 1, but got an empty array instead.",
  ],
  [
    "a domain that the organization does not allow",
    allowlist({ allowed_domains: ["a.example.com", "c.example.com"] }),
    "network_policy.allowed_domains[1]",
    "invalid_value",
    "Invalid 'network_policy.allowed_domains[1]': 'c.example.com' is not on the organization's allow list.",
  ],
  [
    "a secret of another domain",
    secrets({ domain: "b.example.com" }),
    "network_policy.domain_secrets[0].domain",
    "invalid_value",
    "Invalid 'network_policy.domain_secrets[0].domain': 'b.example.com' is not among the allowed domains.",
  ],
  [
    "an empty secret",
    secrets({ value: "" }),
    "network_policy.domain_secrets[0].value",
    "empty_string",
    "Invalid 'network_policy.domain_secrets[0].value': empty string. Expected a string with minimum length 1, but got an empty string instead.",
  ],
  [
    "a secret that is too long",
    secrets({ value: "v".repeat(10_485_761) }),
    "network_policy.domain_secrets[0].value",
    "string_above_max_length",
    "Invalid 'network_policy.domain_secrets[0].value': string too long. Expected a string with maximum length 10485760, but got a string with length 10485761 instead.",
  ],
  [
    "an unknown field of a secret",
    secrets({ header: "X-Key" }),
    "network_policy.domain_secrets[0].header",
    "unknown_parameter",
    "Unknown parameter: 'network_policy.domain_secrets[0].header'.",
  ],
  [
    "a skill without a type",
    skill({ skill_id: "s" }),
    "skills[1].type",
    "missing_required_parameter",
    "Missing required parameter: 'skills[1].type'.",
  ],
  [
    "a number for a skill version",
    skill({ type: "skill_reference", skill_id: "s", version: 2 }),
    "skills[1].version",
    "invalid_type",
    "Invalid type for 'skills[1].version': expected a string, but got an integer instead.",
  ],
  [
    "skill version 0",
    skill({ type: "skill_reference", skill_id: "s", version: "0" }),
    "skills[1].version",
    "invalid_value",
    "Invalid 'skills[1].version': string does not match pattern. Expected a string that matches the pattern '^(latest|[1-9][0-9]*)$'.",
  ],
  [
    "a skill id that is too long",
    skill({ type: "skill_reference", skill_id: "s".repeat(65) }),
    "skills[1].skill_id",
    "string_above_max_length",
    "Invalid 'skills[1].skill_id': string too long. Expected a string with maximum length 64, but got a string with length 65 instead.",
  ],
  [
    "a skill with another media type than zip",
    inline({ media_type: "text/plain" }),
    "skills[1].source.media_type",
    "invalid_value",
    "Invalid value: 'text/plain'. Value must be 'application/zip'.",
  ],
];

for (const data of ["not base64", "eA=", "eA", "e===", "eA==eA==", "eA==\n", "e-_=", "="]) {
  invalid.push([
    `skill data that is not base64: ${JSON.stringify(data)}`,
    inline({ data }),
    "skills[1].source.data",
    "invalid_value",
    "Invalid 'skills[1].source.data': not base64. Expected base64 with padding.",
  ]);
}

describe("the emulator's validation", () => {
  it("has a schema equal to the public CreateContainerBody type", () => assert.ok(bodyAndSchemaAreTheSame));

  for (const [what, value, ...rejection] of invalid) {
    it(`rejects ${what}`, () =>
      assert.deepEqual(
        rejectionOf(() => body(value)),
        rejection,
      ));
  }

  it("accepts what the published schema allows", () => {
    const valid: object[] = [
      { name: "" },
      { name: "n".repeat(1000), file_ids: [], skills: [], memory_limit: "64g" },
      { name: "n", network_policy: { type: "disabled" } },
      expiry({ minutes: 1 }),
      expiry({ minutes: 20 }),
      secrets({}),
      skill({ type: "skill_reference", skill_id: "s".repeat(64), version: "latest" }),
      skill({ type: "skill_reference", skill_id: "s", version: "12" }),
      inline({}),
    ];
    for (const value of valid) assert.deepEqual(body(value), value);
  });

  it("puts no secret value into a message", () => {
    const value = "s3cret";
    const withSecret: object[] = [
      secrets({ value: [value] }),
      secrets({ value: { value } }),
      secrets({ value: value.repeat(2_000_000) }),
      secrets({ name: "" }),
      secrets({ domain: "b.example.com" }),
      secrets({ extra: 1 }),
      allowlist({ domain_secrets: value }),
      allowlist({ domain_secrets: [value] }),
    ];
    for (const each of withSecret) assert.doesNotMatch(rejectionOf(() => body(each))[2], /s3cret/);
  });
});
