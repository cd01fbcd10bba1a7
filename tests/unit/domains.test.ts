import assert from "node:assert/strict";
import { isIP } from "node:net";
import fc from "fast-check";
import { canonicalDomain, mistakeInDomain } from "../../provider/model/domains";

const label63 = "a".repeat(63);
const name253 = `${label63}.${label63}.${label63}.${"a".repeat(61)}`;

const good: [written: string, canonical: string][] = [
  ["api.github.com", "api.github.com"],
  ["API.GitHub.Com", "api.github.com"],
  ["api.github.com.", "api.github.com"],
  ["bücher.example.com", "xn--bcher-kva.example.com"],
  ["BÜCHER.example.com", "xn--bcher-kva.example.com"],
  ["xn--bcher-kva.example.com", "xn--bcher-kva.example.com"],
  ["bu\u0308cher.example.com", "xn--bcher-kva.example.com"],
  ["straße.example.com", "xn--strae-oqa.example.com"],
  ["example。com。", "example.com"],
  ["ｅｘａｍｐｌｅ.com", "example.com"],
  ["пример.рф", "xn--e1afmkfd.xn--p1ai"],
  ["пример.example.com", "xn--e1afmkfd.example.com"],
  ["東京abc.example.com", "xn--abc-dm9di64i.example.com"],
  ["1.2.3.4.example.com", "1.2.3.4.example.com"],
  ["4chan.org", "4chan.org"],
  ["r3---sn-apo3qvuoxuxbt-j5pe.googlevideo.com", "r3---sn-apo3qvuoxuxbt-j5pe.googlevideo.com"],
  [`${label63}.example.com`, `${label63}.example.com`],
  [`${name253}.`, name253],
];

const bad: [mistake: string, ...domains: string[]][] = [
  ["an empty string", ""],
  ["a wildcard", "*", "*.example.com", "a.*.com", "api*.example.com", "＊.example.com"],
  ["an IP address", "10.0.0.1", "127.1", "127.0.0.1.", "0x7f.1", "0X7F.0.0.1", "0177.0.0.1", "2130706433", "0x"],
  ["an IP address", "256.1.1.1", "1.2.3.4.5", "example.1", "１２７.1", "127。0。0。1", "①②⑦.1"],
  ["an IP address", "::1", "[::1]", "[::1]:443", "fe80::1", "fe80::1%eth0", "::ffff:10.0.0.1", "[v1.x]"],
  ["a port after the name", "example.com:443", "example.com:", "*.example.com:80"],
  ["a URL with its scheme", "https://example.com", "http://[::1]/", "wss://a@example.com/", "https:example.com"],
  ["a path or query after the name", "example.com/", "example.com/a", "//example.com", "example.com\\a"],
  ["a path or query after the name", "example.com?a", "example.com#a"],
  ["a user before the name", "me@example.com", "me:password@example.com", "mailto:me@example.com"],
  ["a name of a single label", "localhost", "com", "com.", "bücher"],
  [
    "white space or an invisible character",
    " example.com",
    "example.com\n",
    "exam ple.com",
    "exam\tple.com",
    "a.b\0.com",
  ],
  [
    "white space or an invisible character",
    "a\u00ad.example.com",
    "a\u200d.example.com",
    "a\u202e.example.com",
    "\ud800.example.com",
  ],
  ["an empty label", ".example.com", "example..com", "example.com..", ".", "..", "example。。com", "example.com。."],
  ["an underscore", "_dmarc.example.com", "a_b.example.com", "ａ＿ｂ.example.com"],
  [
    "a character that host names do not have",
    "ex%61mple.com",
    "a%2eb.com",
    "a$b.example.com",
    "a,b.example.com",
    "a~b.example.com",
  ],
  [
    "a label that begins or ends with a hyphen",
    "-a.example.com",
    "a-.example.com",
    "a.-b.example.com",
    "xn--example-.com",
  ],
  [
    "a name that IDNA does not allow",
    "xn--a.example.com",
    "xn--zzzzzz.example.com",
    "\u0301.example.com",
    "a℀b.example.com",
    "a．／.com",
  ],
  ["a label of more than 63 characters", `${label63}a.example.com`, `${"ü".repeat(60)}.example.com`],
  ["a name of more than 253 characters", `${name253}a`, `${"ü.".repeat(100)}example`, "ü".repeat(1_000_000)],
  // "apple" with a Cyrillic а, as it is written and as it is encoded; "google" with a Greek omicron.
  [
    "a label that mixes Latin, Cyrillic or Greek letters",
    "аpple.com",
    "xn--pple-43d.com",
    "gοogle.com",
    "www.аpple.com",
  ],
  ["a label that mixes Latin, Cyrillic or Greek letters", "πриклад.example.com"],
];

describe("a domain of an allow list", () => {
  for (const [written, canonical] of good) {
    it(`accepts ${shown(written)}`, () => {
      assert.equal(mistakeInDomain(written), undefined);
      assert.equal(canonicalDomain(written), canonical);
    });
  }

  for (const [mistake, ...domains] of bad) {
    for (const domain of domains) {
      it(`refuses ${shown(domain)}: ${mistake}`, () => assert.equal(mistakeInDomain(domain), mistake));
    }
  }

  // Any text of these parts is either refused or the whole host of a URL.
  const part = fc.constantFrom(..."aZ09-_.*:/\\@?#[]%2e \t\0ü。／＊０а", "xn--", "0x7f", "127", "com", "https://");
  const text = fc.oneof(
    fc.array(part, { maxLength: 12 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary", maxLength: 8 }).map((odd) => `${odd}.com`),
    fc.webUrl(),
    fc.domain(),
  );

  it("is the whole host for a URL parser, and no address, if it is accepted", () => {
    fc.assert(
      fc.property(text, (written) => {
        fc.pre(mistakeInDomain(written) === undefined);
        const domain = canonicalDomain(written);
        assert.equal(new URL(`https://${domain}`).href, `https://${domain}/`);
        assert.equal(isIP(domain), 0);
        assert.match(domain, /^[a-z\d][a-z\d.-]*\.[a-z\d-]*[a-z\d]$/);
      }),
      { numRuns: 3000 },
    );
  });

  it("has one canonical form, which is accepted and stays as it is", () => {
    fc.assert(
      fc.property(text, (written) => {
        fc.pre(mistakeInDomain(written) === undefined);
        const domain = canonicalDomain(written);
        assert.equal(mistakeInDomain(domain), undefined);
        assert.equal(canonicalDomain(domain), domain);
        assert.equal(canonicalDomain(`${domain.toUpperCase()}.`), domain);
      }),
      { numRuns: 3000 },
    );
  });
});

function shown(domain: string): string {
  return domain.length > 60 ? `a text of ${domain.length} characters` : JSON.stringify(domain);
}
