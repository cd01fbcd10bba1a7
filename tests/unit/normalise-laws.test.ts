import assert from "node:assert/strict";
import fc from "fast-check";
import { normalise } from "../../provider/model/normalise";
import { at, unknownValue } from "../../provider/model/unknowns";

const text = fc.string({ minLength: 1, maxLength: 256 });
const plain = { noNullPrototype: true };
const networkPolicy = fc.oneof(
  fc.record({ type: fc.constant("disabled") }, plain),
  fc.record(
    {
      type: fc.constant("allowlist"),
      allowedDomains: fc.array(text, { minLength: 1 }),
      domainSecrets: fc.array(fc.record({ domain: text, name: text, value: text }, plain), { minLength: 1 }),
    },
    { ...plain, requiredKeys: ["type", "allowedDomains"] },
  ),
);
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
    backend: fc.constantFrom("openai", "docker"),
    docker: fc.record({ image: text }, { ...plain, requiredKeys: [] }),
  },
  { ...plain, requiredKeys: ["backend"] },
);

const coins = fc.array(fc.boolean(), { minLength: 1, maxLength: 30 });

/** The arguments with another value wherever a coin says so, at any depth. */
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

describe("normalise, by law", () => {
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

  it("keeps what was written and fills in the defaults of the rest", () => {
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
      fc.property(fc.constantFrom("memoryLimit", "networkPolicy", "expiresAfter", "backend"), (key) => {
        const value = normalised({ backend: "docker", [key]: unknownValue });
        assert.deepEqual(value, { ...normalised({ backend: "docker" }), [key]: unknownValue });
      }),
    );
  });

  it("never throws, whatever was written", () => {
    const anything = fc.oneof(fc.jsonValue(), fc.constant(unknownValue), fc.array(fc.constant(unknownValue)));
    const folder = (...keys: string[]) =>
      fc.record(Object.fromEntries(keys.map((key) => [key, anything])), { requiredKeys: [] });
    const written = fc.record(
      {
        name: anything,
        memoryLimit: anything,
        networkPolicy: fc.oneof(anything, networkPolicy, folder("type", "allowedDomains", "domainSecrets")),
        expiresAfter: fc.oneof(anything, folder("anchor", "minutes")),
        backend: fc.oneof(anything, fc.constant("docker")),
        docker: fc.oneof(anything, folder("image")),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(written, fc.dictionary(fc.string(), anything)), (args) => {
        normalise(args);
      }),
    );
  });

  it("quotes no long text, wherever it stands", () => {
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
        const domainSecrets = [{ domain: "a.example", name: "KEY", value }];
        const policy = { type: "allowlist", allowedDomains: ["a.example"], domainSecrets };
        const result = normalise({ backend: "openai", networkPolicy: policy });
        assert.ok("problems" in result);
        assert.ok(!result.problems.join("\n").includes(String(value)), result.problems.join("\n"));
      }),
    );
  });
});
