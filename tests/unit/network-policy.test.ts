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
    assert.deepEqual(policy(["B.example", "a.example.", "b.example."], [secret("A.Example"), secret("b.example.")]), {
      type: "allowlist",
      allowedDomains: ["b.example", "a.example"],
      domainSecrets: [secret("a.example"), secret("b.example")],
    });
  });

  it("with an empty list of domain secrets is the same as one without", () => {
    assert.deepEqual(policy(["a.example"], []), { type: "allowlist", allowedDomains: ["a.example"] });
  });

  it("reports each invalid domain by its path, with the kind of mistake", () => {
    const expected = 'expected an exact host name such as "api.github.com"';
    assert.deepEqual(problems(["a.example", "*.b.example", "10.0.0.1"], [secret("https://a.example")]), [
      `OC1003: networkPolicy.allowedDomains[1]: got a wildcard, ${expected}`,
      `OC1003: networkPolicy.allowedDomains[2]: got an IP address, ${expected}`,
      `OC1003: networkPolicy.domainSecrets[0].domain: got a URL with its scheme, ${expected}`,
    ]);
  });

  it("refuses a secret for a domain that is not allowed", () => {
    assert.deepEqual(problems(["a.example"], [secret("A.example"), secret("b.example")]), [notAllowed(1)]);
    assert.deepEqual(problems(["a.example"], [secret("api.a.example")]), [notAllowed(0)]);
  });

  it("refuses two secrets of one name for one domain, and accepts one name for two domains", () => {
    assert.deepEqual(problems(["a.example"], [secret("a.example"), secret("A.example.")]), [nameTwice(1)]);
    assert.deepEqual(problems(["a.example", "b.example"], [secret("a.example"), secret("b.example")]), []);
    assert.deepEqual(problems(["a.example"], [secret("a.example", "KEY"), secret("a.example", "key")]), []);
  });

  it("accepts names of environment variables as names of secrets", () => {
    for (const name of ["K", "_", "API_KEY_2", "_key"])
      assert.deepEqual(problems(["a.example"], [secret("a.example", name)]), []);
    for (const name of ["2K", "API-KEY", "A B", "KEY\n", "ключ", "$KEY", "A=B", "A\0"]) {
      const message = `OC1003: networkPolicy.domainSecrets[0].name: got text of ${name.length} characters, expected the name of an environment variable, such as API_KEY`;
      assert.deepEqual(problems(["a.example"], [secret("a.example", name)]), [message]);
    }
  });

  it("reports an invalid name of a secret, and not that it occurs twice", () => {
    const message = "got text of 2 characters, expected the name of an environment variable, such as API_KEY";
    assert.deepEqual(problems(["a.example"], [secret("a.example", "2K"), secret("a.example", "2K")]), [
      `OC1003: networkPolicy.domainSecrets[0].name: ${message}`,
      `OC1003: networkPolicy.domainSecrets[1].name: ${message}`,
    ]);
  });

  it("refuses a secret's value with a line break, and quotes no value", () => {
    for (const end of ["\r", "\n", "\0"]) {
      assert.deepEqual(problems(["a.example"], [secret("a.example", "KEY", `${secretText}${end}X-Other: 1`)]), [
        "OC1003: networkPolicy.domainSecrets[0].value: got text with CR, LF or NUL, expected text without",
      ]);
    }
    const all = problems(
      [secretText, "a.example"],
      [
        secret("a.example", secretText),
        secret(secretText),
        secret("b.example"),
        secret("a.example"),
        secret("a.example"),
        secretText,
      ],
    ).join("\n");
    assert.equal(all.split("\n").length, 5);
    assert.ok(!all.includes(secretText), all);
  });

  it("accepts values of up to 10,485,760 characters", () => {
    const value = "v".repeat(10_485_760);
    assert.deepEqual(problems(["a.example"], [secret("a.example", "KEY", value)]), []);
    assert.deepEqual(problems(["a.example"], [secret("a.example", "KEY", `${value}v`)]), [
      "OC1003: networkPolicy.domainSecrets[0].value: got text of 10485761 characters, expected at most 10485760 characters",
    ]);
  });
});

describe("an allow list with values that are not known yet", () => {
  it("stays as it was written", () => {
    const written = ["B.example", unknownValue, "B.example", unknownValue];
    assert.deepEqual(policy(written, [secret("c.example")]), {
      type: "allowlist",
      allowedDomains: written,
      domainSecrets: [secret("c.example")],
    });
  });

  it("reports no domain of a secret while any allowed domain is unknown", () => {
    assert.deepEqual(problems(["a.example", unknownValue], [secret("b.example")]), []);
    assert.deepEqual(problems(unknownValue, [secret("b.example")]), []);
  });

  it("reports no secret whose domain is unknown, and no unknown names as equal", () => {
    assert.deepEqual(problems(["a.example"], [secret(unknownValue), secret(unknownValue)]), []);
    assert.deepEqual(
      problems(["a.example"], [secret("a.example", unknownValue), secret("a.example", unknownValue)]),
      [],
    );
    assert.deepEqual(problems(["a.example"], unknownValue), []);
  });

  it("validates the known values beside unknown ones", () => {
    const secrets = [
      unknownValue,
      secret("a.example", "KEY", unknownValue),
      secret("a.example", "KEY"),
      secret("b.example", unknownValue),
    ];
    assert.deepEqual(problems(["a.example"], secrets), [nameTwice(2), notAllowed(3)]);
    assert.deepEqual(problems([unknownValue, "localhost"]), [
      'OC1003: networkPolicy.allowedDomains[1]: got a name of a single label, expected an exact host name such as "api.github.com"',
    ]);
  });

  it("validates the rules between members beside invalid members", () => {
    const secrets = [secret("b.example", "2K"), secret("a.example", "KEY", 5), secret("a.example")];
    assert.deepEqual(problems(["a.example"], secrets).toSorted(), [
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

  it("keeps the position of each domain, and puts a new one in the place of a removed one", () => {
    assert.deepEqual(
      policy(
        ["new.example", "A.example", "b.example", "c.example"],
        [],
        recorded(["c.example", "gone.example", "a.example"]),
      ),
      { type: "allowlist", allowedDomains: ["c.example", "new.example", "a.example", "b.example"] },
    );
  });

  it("keeps the order of secrets by domain and name, with the values as they are now", () => {
    const before = [secret("b.example", "K", "old"), secret("a.example", "L", "old"), secret("a.example", "K", "old")];
    const now = [
      secret("a.example", "K"),
      secret("a.example", "M"),
      secret("b.example", "K"),
      secret("A.example", "L"),
    ];
    assert.deepEqual(policy(["a.example", "b.example"], now, recorded([], before)), {
      type: "allowlist",
      allowedDomains: ["a.example", "b.example"],
      domainSecrets: [
        secret("b.example", "K"),
        secret("a.example", "L"),
        secret("a.example", "K"),
        secret("a.example", "M"),
      ],
    });
  });
});
