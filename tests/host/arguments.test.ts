import assert from "node:assert/strict";
import { image } from "../support/docker";
import { HostStack } from "../support/host/host-stack";
import { assertLines } from "../support/lines";

const docker = { backend: "docker", docker: { image } };
const exact = 'expected an exact host name such as "api\\.github\\.com"';

describe("the arguments of a container", function () {
  this.timeout(180_000);
  const stack = new HostStack({});
  after(() => stack.end({ containers: () => [] }));
  afterEach(() => {
    stack.config = {};
  });

  /** The check failures of several containers in one run. */
  async function problems(containers: Record<string, Record<string, unknown>>): Promise<Record<string, string[]>> {
    const { problems } = await stack.containers(containers).preview();
    assert.doesNotMatch(JSON.stringify(problems), /hunter2/);
    return problems;
  }

  const secrets = [
    ["b.example.com", "TOKEN", "hunter2-elsewhere"],
    ["a.example.com", "1TOKEN", "hunter2-name"],
    ["a.example.com", "PATH", "hunter2-path"],
    ["a.example.com", "TOKEN", "hunter2\r\n"],
    ["a.example.com", "TWICE", "hunter2-one"],
    ["a.example.com", "TWICE", "hunter2-two"],
  ].map(([domain, name, value]) => ({ domain, name, value }));
  const policy = (allowedDomains: string[], domainSecrets: object[]) => ({
    ...docker,
    networkPolicy: { type: "allowlist", allowedDomains, domainSecrets },
  });

  it("fail the check for each invalid domain and domain secret, with its path and without its value", async () => {
    const domains = [
      ...["*.example.com", "10.0.0.1", "a.example.com:443", "https://a.example.com", "a.example.com/x", "localhost"],
      ...["a\u0000.example.com", "a b.example.com", "\u0430pple.example.com", "a.example.com"],
    ];
    const found = await problems({
      all: policy(domains, secrets),
      elsewhere: policy(["a.example.com"], secrets.slice(0, 3)),
      reserved: policy(["a.example.com"], secrets.slice(2, 3)),
      none: policy([], []),
    });
    const kinds = [
      "a wildcard",
      "an IP address",
      "a port after the name",
      "a URL with its scheme",
      "a path or query after the name",
      "a name of a single label",
      "white space or an invisible character",
      "white space or an invisible character",
      "a label that mixes Latin, Cyrillic or Greek letters",
    ];
    const name =
      /^OC1003: networkPolicy\.domainSecrets\[1\]\.name: got text of 6 characters, expected the name of an environment variable/;
    assertLines(found["all"] ?? [], [
      ...kinds.map(
        (kind, at) => new RegExp(`^OC1003: networkPolicy\\.allowedDomains\\[${at}\\]: got ${kind}, ${exact}`),
      ),
      name,
      /^OC1003: networkPolicy\.domainSecrets\[3\]\.value: got text with CR, LF or NUL, expected text without/,
      /^OC1004: networkPolicy\.domainSecrets\[5\]\.name: got a name that another secret has for the same domain/,
    ]);
    assertLines(found["elsewhere"] ?? [], [
      name,
      /^OC1004: networkPolicy\.domainSecrets\[0\]\.domain: got a domain that is not allowed, expected one of networkPolicy\.allowedDomains/,
    ]);
    assertLines(found["reserved"] ?? [], [
      /^OC1005: networkPolicy\.domainSecrets\[0\]\.name: got "PATH", which a sandbox on Docker sets itself, expected another name/,
    ]);
    assertLines(found["none"] ?? [], [
      /^OC1003: networkPolicy\.allowedDomains: got an empty list, expected at least 1 member/,
    ]);
  });

  it("fail the check with options of another backend", async () => {
    const { box = [] } = await problems({ box: { docker: { image: "alpine" } } });
    assertLines(box, [/^OC1005: docker: got a value, which the openai backend does not support/]);
  });

  it("fail the check with an invalid backend setting, unless they name a backend", async () => {
    stack.config = { "openai-containers:backend": "dcoker" };
    const { plain = [], other = [] } = await problems({ plain: {}, other: docker });
    assertLines(plain, [/^OC1006: openai-containers:backend must be "openai" or "docker"/]);
    assert.deepEqual(other, []);
  });
});
