import assert from "node:assert/strict";
import { normalise } from "../../provider/model/normalise";
import { unknownValue } from "../../provider/model/unknowns";

type Secret = { domain?: unknown; name?: unknown; value?: unknown } | string;

const secretText = "sk-proj-0123456789abcdefghijklmnopqrstuv";
const secret = (domain: unknown, name: unknown = "KEY", value: unknown = secretText) => ({ domain, name, value });

function result(allowedDomains: unknown, domainSecrets: unknown, recorded = {}) {
  const networkPolicy = { type: "allowlist", allowedDomains, domainSecrets };
  return normalise({ backend: "openai", networkPolicy }, recorded);
}

function problems(allowedDomains: unknown, domainSecrets: Secret[] | string = []): string[] {
  const outcome = result(allowedDomains, domainSecrets);
  return "problems" in outcome ? outcome.problems : [];
}

function policy(allowedDomains: unknown, domainSecrets: Secret[] = [], recorded = {}): unknown {
  const outcome = result(allowedDomains, domainSecrets, recorded);
  return "problems" in outcome ? assert.fail(outcome.problems.join("\n")) : outcome.value["networkPolicy"];
}

const notAllowed = (index: number) =>
  `OC1004: networkPolicy.domainSecrets[${index}].domain: got a domain that is not allowed, expected one of networkPolicy.allowedDomains`;
const nameTwice = (index: number) =>
  `OC1004: networkPolicy.domainSecrets[${index}].name: got a name that another secret has for the same domain, expected each name once for a domain`;

describe("an allow list", () => {
  it("has its domains, and those of its secrets, in canonical form, and each once", () => {
    assert.deepEqual(
      policy(
        ["B.example.com", "a.example.com.", "b.example.com."],
        [secret("A.Example.com"), secret("b.example.com.")],
      ),
      {
        type: "allowlist",
        allowedDomains: ["b.example.com", "a.example.com"],
        domainSecrets: [secret("a.example.com"), secret("b.example.com")],
      },
    );
  });

  it("with an empty list of domain secrets is the same as one without", () => {
    assert.deepEqual(policy(["a.example.com"], []), { type: "allowlist", allowedDomains: ["a.example.com"] });
  });

  it("reports each invalid domain by its path, with the kind of mistake", () => {
    const expected = 'expected an exact host name such as "api.github.com"';
    assert.deepEqual(problems(["a.example.com", "*.b.example.com", "10.0.0.1"], [secret("https://a.example.com")]), [
      `OC1003: networkPolicy.allowedDomains[1]: got a wildcard, ${expected}`,
      `OC1003: networkPolicy.allowedDomains[2]: got an IP address, ${expected}`,
      `OC1003: networkPolicy.domainSecrets[0].domain: got a URL with its scheme, ${expected}`,
    ]);
  });

  it("refuses a secret for a domain that is not allowed", () => {
    assert.deepEqual(problems(["a.example.com"], [secret("A.example.com"), secret("b.example.com")]), [notAllowed(1)]);
    assert.deepEqual(problems(["a.example.com"], [secret("api.a.example.com")]), [notAllowed(0)]);
  });

  it("refuses two secrets of one name for one domain, and accepts one name for two domains", () => {
    assert.deepEqual(problems(["a.example.com"], [secret("a.example.com"), secret("A.example.com.")]), [nameTwice(1)]);
    assert.deepEqual(
      problems(["a.example.com", "b.example.com"], [secret("a.example.com"), secret("b.example.com")]),
      [],
    );
    assert.deepEqual(problems(["a.example.com"], [secret("a.example.com", "KEY"), secret("a.example.com", "key")]), []);
  });

  it("accepts names of environment variables as names of secrets", () => {
    for (const name of ["K", "_", "API_KEY_2", "_key"])
      assert.deepEqual(problems(["a.example.com"], [secret("a.example.com", name)]), []);
    for (const name of ["2K", "API-KEY", "A B", "KEY\n", "ключ", "$KEY", "A=B", "A\0"]) {
      const message = `OC1003: networkPolicy.domainSecrets[0].name: got text of ${name.length} characters, expected the name of an environment variable, such as API_KEY`;
      assert.deepEqual(problems(["a.example.com"], [secret("a.example.com", name)]), [message]);
    }
  });

  it("reports an invalid name of a secret, and not that it occurs twice", () => {
    const message = "got text of 2 characters, expected the name of an environment variable, such as API_KEY";
    assert.deepEqual(problems(["a.example.com"], [secret("a.example.com", "2K"), secret("a.example.com", "2K")]), [
      `OC1003: networkPolicy.domainSecrets[0].name: ${message}`,
      `OC1003: networkPolicy.domainSecrets[1].name: ${message}`,
    ]);
  });

  it("refuses a secret's value with a line break, and quotes no value", () => {
    for (const end of ["\r", "\n", "\0"]) {
      assert.deepEqual(problems(["a.example.com"], [secret("a.example.com", "KEY", `${secretText}${end}X-Other: 1`)]), [
        "OC1003: networkPolicy.domainSecrets[0].value: got text with CR, LF or NUL, expected text without",
      ]);
    }
    const all = problems(
      [secretText, "a.example.com"],
      [
        secret("a.example.com", secretText),
        secret(secretText),
        secret("b.example.com"),
        secret("a.example.com"),
        secret("a.example.com"),
        secretText,
      ],
    ).join("\n");
    assert.equal(all.split("\n").length, 5);
    assert.ok(!all.includes(secretText), all);
  });

  it("accepts values of up to 10,485,760 characters", () => {
    const value = "v".repeat(10_485_760);
    assert.deepEqual(problems(["a.example.com"], [secret("a.example.com", "KEY", value)]), []);
    assert.deepEqual(problems(["a.example.com"], [secret("a.example.com", "KEY", `${value}v`)]), [
      "OC1003: networkPolicy.domainSecrets[0].value: got text of 10485761 characters, expected at most 10485760 characters",
    ]);
  });
});

describe("an allow list with values that are not known yet", () => {
  it("stays as it was written", () => {
    const written = ["B.example.com", unknownValue, "B.example.com", unknownValue];
    assert.deepEqual(policy(written, [secret("c.example.com")]), {
      type: "allowlist",
      allowedDomains: written,
      domainSecrets: [secret("c.example.com")],
    });
  });

  it("reports no domain of a secret while any allowed domain is unknown", () => {
    assert.deepEqual(problems(["a.example.com", unknownValue], [secret("b.example.com")]), []);
    assert.deepEqual(problems(unknownValue, [secret("b.example.com")]), []);
  });

  it("reports no secret whose domain is unknown, and no unknown names as equal", () => {
    assert.deepEqual(problems(["a.example.com"], [secret(unknownValue), secret(unknownValue)]), []);
    assert.deepEqual(
      problems(["a.example.com"], [secret("a.example.com", unknownValue), secret("a.example.com", unknownValue)]),
      [],
    );
    assert.deepEqual(problems(["a.example.com"], unknownValue), []);
  });

  it("validates the known values beside unknown ones", () => {
    const secrets = [
      unknownValue,
      secret("a.example.com", "KEY", unknownValue),
      secret("a.example.com", "KEY"),
      secret("b.example.com", unknownValue),
    ];
    assert.deepEqual(problems(["a.example.com"], secrets), [nameTwice(2), notAllowed(3)]);
    assert.deepEqual(problems([unknownValue, "localhost"]), [
      'OC1003: networkPolicy.allowedDomains[1]: got a name of a single label, expected an exact host name such as "api.github.com"',
    ]);
  });

  it("validates the rules between members beside invalid members", () => {
    const secrets = [secret("b.example.com", "2K"), secret("a.example.com", "KEY", 5), secret("a.example.com")];
    assert.deepEqual(problems(["a.example.com"], secrets).toSorted(), [
      "OC1003: networkPolicy.domainSecrets[0].name: got text of 2 characters, expected the name of an environment variable, such as API_KEY",
      "OC1003: networkPolicy.domainSecrets[1].value: got a number, expected text",
      notAllowed(0),
      nameTwice(2),
    ]);
  });
});

describe("an allow list compared with state", () => {
  const recorded = (allowedDomains: unknown, domainSecrets?: unknown) => ({
    networkPolicy: { type: "allowlist", allowedDomains, domainSecrets },
  });

  it("keeps the position of each domain, and gives a new one the position of a removed one", () => {
    assert.deepEqual(
      policy(
        ["new.example.com", "A.example.com", "b.example.com", "c.example.com"],
        [],
        recorded(["c.example.com", "gone.example.com", "a.example.com"]),
      ),
      { type: "allowlist", allowedDomains: ["c.example.com", "new.example.com", "a.example.com", "b.example.com"] },
    );
  });

  it("keeps the order of secrets by domain and name, with the values as they are now", () => {
    const before = [
      secret("b.example.com", "K", "old"),
      secret("a.example.com", "L", "old"),
      secret("a.example.com", "K", "old"),
    ];
    const now = [
      secret("a.example.com", "K"),
      secret("a.example.com", "M"),
      secret("b.example.com", "K"),
      secret("A.example.com", "L"),
    ];
    assert.deepEqual(policy(["a.example.com", "b.example.com"], now, recorded([], before)), {
      type: "allowlist",
      allowedDomains: ["a.example.com", "b.example.com"],
      domainSecrets: [
        secret("b.example.com", "K"),
        secret("a.example.com", "L"),
        secret("a.example.com", "K"),
        secret("a.example.com", "M"),
      ],
    });
  });
});
