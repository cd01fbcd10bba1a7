import assert from "node:assert/strict";
import fc from "fast-check";
import { normalise } from "../../provider/model/normalise";
import { at, unknownValue } from "../../provider/model/unknowns";
import { imageReference } from "../support/image-reference";

const text = fc.string({ minLength: 1, maxLength: 256 });
const plain = { noNullPrototype: true };
const domain = fc
  .tuple(
    fc.stringMatching(/^[a-z][a-z0-9]{0,2}$/),
    fc.constantFrom("example", "co.example.com", "xn--bcher-kva.example.com"),
  )
  .map((labels) => labels.join("."));
const allowlist = fc.uniqueArray(domain, { minLength: 1 }).chain((allowedDomains) => {
  const domainSecret = fc.record(
    { domain: fc.constantFrom(...allowedDomains), name: fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,2}$/), value: text },
    plain,
  );
  const domainSecrets = fc.uniqueArray(domainSecret, {
    minLength: 1,
    selector: (secret) => secret.name + secret.domain,
  });
  return fc.record(
    { type: fc.constant("allowlist"), allowedDomains: fc.constant(allowedDomains), domainSecrets },
    { ...plain, requiredKeys: ["type", "allowedDomains"] },
  );
});
const networkPolicy = fc.oneof(fc.record({ type: fc.constant("disabled") }, plain), allowlist);
const reference = fc.record(
  {
    type: fc.constant("skill_reference"),
    skillId: fc.stringMatching(/^[\w.-]{1,60}_$/),
    version: fc.oneof(fc.constant("latest"), fc.integer({ min: 1 }).map(String)),
  },
  { ...plain, requiredKeys: ["type", "skillId"] },
);
const source = fc.record(
  { type: fc.constant("base64"), mediaType: fc.constant("application/zip"), data: fc.base64String({ minLength: 1 }) },
  plain,
);
const inline = fc.record({ type: fc.constant("inline"), name: text, description: text, source }, plain);
const skills = fc.uniqueArray(fc.oneof(reference, inline), {
  minLength: 1,
  selector: (skill) => `${skill.type} ${"name" in skill ? skill.name : skill.skillId}`,
});
const fileIds = fc.uniqueArray(fc.stringMatching(/^file-[\w.-]{1,30}$/), { minLength: 1 });
const expiresAfter = fc.record(
  { anchor: fc.constant("last_active_at"), minutes: fc.integer({ min: 1, max: 525_600 }) },
  plain,
);
const valid = fc.record(
  {
    name: text,
    memoryLimit: fc.constantFrom("1g", "4g", "16g", "64g"),
    networkPolicy,
    expiresAfter,
    fileIds,
    skills,
    backend: fc.constantFrom("openai", "docker"),
    docker: fc.record({ image: imageReference }, { ...plain, requiredKeys: [] }),
  },
  { ...plain, requiredKeys: ["backend"] },
);

const coins = fc.array(fc.boolean(), { minLength: 1, maxLength: 30 });

/** The arguments with another value at random positions, at any depth. */
function replaced(args: object, by: unknown, flipped: boolean[]): Record<string, unknown> {
  let visited = 0;
  return JSON.parse(JSON.stringify(args), (key, value) =>
    key !== "" && flipped[visited++ % flipped.length] ? by : value,
  );
}

function normalised(written: Record<string, unknown>): Record<string, unknown> {
  const result = normalise(written);
  if ("problems" in result) assert.fail(result.problems.join("\n"));
  return result.value;
}

function assertUnknownsKept(before: unknown, after: unknown): void {
  if (before === unknownValue) assert.equal(after, unknownValue);
  if (typeof before !== "object" || before === null) return;
  for (const [key, inner] of Object.entries(before)) assertUnknownsKept(inner, at(after, key));
}

describe("normalise, for any arguments", () => {
  it("changes nothing the second time", () => {
    fc.assert(
      fc.property(valid, coins, (args, flipped) => {
        for (const written of [args, replaced(args, unknownValue, flipped)]) {
          const once = normalised(written);
          assert.deepEqual(normalised(once), once);
        }
      }),
    );
  });

  it("keeps the written arguments and fills in the defaults of the others", () => {
    const defaults = {
      memoryLimit: "1g",
      networkPolicy: { type: "disabled" },
      expiresAfter: { anchor: "last_active_at", minutes: 20 },
    };
    fc.assert(
      fc.property(valid, (args) => {
        const docker = args.docker && { docker: { image: "python:3.11-slim-bookworm", ...args.docker } };
        assert.deepEqual(normalised(args), { ...defaults, ...args, ...docker });
      }),
    );
  });

  it("accepts unknown values anywhere, and leaves them where they were", () => {
    fc.assert(
      fc.property(valid, coins, (args, flipped) => {
        const written = replaced(args, unknownValue, flipped);
        assertUnknownsKept(written, normalised(written));
      }),
    );
  });

  it("fills in defaults beside unknown values", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("memoryLimit", "networkPolicy", "expiresAfter", "fileIds", "skills", "backend"),
        (key) => {
          const value = normalised({ backend: "docker", [key]: unknownValue });
          assert.deepEqual(value, { ...normalised({ backend: "docker" }), [key]: unknownValue });
        },
      ),
    );
  });

  it("throws for no input", () => {
    const anything = fc.oneof(fc.jsonValue(), fc.constant(unknownValue), fc.array(fc.constant(unknownValue)));
    const folder = (...keys: string[]) =>
      fc.record(Object.fromEntries(keys.map((key) => [key, anything])), { requiredKeys: [] });
    const written = fc.record(
      {
        name: anything,
        memoryLimit: anything,
        networkPolicy: fc.oneof(anything, networkPolicy, folder("type", "allowedDomains", "domainSecrets")),
        expiresAfter: fc.oneof(anything, folder("anchor", "minutes")),
        fileIds: fc.oneof(anything, fc.array(anything)),
        skills: fc.oneof(
          anything,
          fc.array(fc.oneof(anything, folder("type", "skillId", "version", "name", "source"))),
        ),
        backend: fc.oneof(anything, fc.constant("docker")),
        docker: fc.oneof(anything, folder("image")),
      },
      { requiredKeys: [] },
    );
    const some = fc.oneof(written, valid, fc.dictionary(fc.string(), anything));
    fc.assert(
      fc.property(some, some, (args, recorded) => {
        normalise(args, recorded);
      }),
    );
  });

  it("quotes no long text, at any path", () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9_-]{21,60}$/);
    fc.assert(
      fc.property(valid, secret, coins, (args, hidden, flipped) => {
        const result = normalise(replaced(args, hidden, flipped));
        const messages = "problems" in result ? result.problems.join("\n") : "";
        assert.ok(!messages.includes(hidden), messages);
      }),
    );
  });

  it("quotes no number that stands for a secret", () => {
    fc.assert(
      fc.property(fc.integer({ min: 10_000 }), (value) => {
        const domainSecrets = [{ domain: "a.example.com", name: "KEY", value }];
        const policy = { type: "allowlist", allowedDomains: ["a.example.com"], domainSecrets };
        const result = normalise({ backend: "openai", networkPolicy: policy });
        assert.ok("problems" in result);
        assert.ok(!result.problems.join("\n").includes(String(value)), result.problems.join("\n"));
      }),
    );
  });
});
