import { domainToASCII, domainToUnicode } from "node:url";

/** The canonical form of a host name: IDNA-encoded, so in lower case, and without the root's dot. */
export function canonicalDomain(domain: string): string {
  return domainToASCII(domain).replace(/\.$/, "");
}

/**
 * The reason why a text is not a host name that can be allowed, without quoting it. The text is validated before it is
 * encoded, as encoding parses a URL (https://url.spec.whatwg.org/#concept-host-parser) and so cuts off a path, drops tabs
 * and decodes `%2e`; and again afterwards, as encoding maps a full-width `*` to `*`.
 */
export function mistakeInDomain(domain: string): string | undefined {
  const mistake = firstMistake(textMistakes, domain);
  if (mistake !== undefined) return mistake;
  const name = canonicalDomain(domain);
  if (name === "") return undecodable;
  return firstMistake(textMistakes, name) ?? firstMistake(nameMistakes, name) ?? mistakeInScripts(name);
}

const undecodable = "a name that IDNA does not allow";

/**
 * The canonical form of a host name that somebody else reports. Any other text stays as it is: encoding cuts a path off, and
 * `evil.example.com/` would pass for another name.
 */
export function comparableDomain(domain: string): string {
  return mistakeInDomain(domain) === undefined ? canonicalDomain(domain) : domain;
}

type Mistakes = readonly [pattern: RegExp, what: string][];

const textMistakes: Mistakes = [
  [/^$/, "an empty string"],
  // Encoding takes time that grows with the square of the length: 37 seconds for a megabyte.
  [/^.{1000}/s, "a name of more than 253 characters"],
  [/[\s\p{C}]/u, "white space or an invisible character"],
  [/:\/\//, "a URL with its scheme"],
  [/@/, "a user before the name"],
  [/[/\\?#]/, "a path or query after the name"],
  [/\[|:.*:/, "an IP address"],
  [/:\d*$/, "a port after the name"],
  [/:/, "a URL with its scheme"],
  [/\*/, "a wildcard"],
  // The last label decides (https://url.spec.whatwg.org/#ends-in-a-number-checker): `127.1` and `0x7f.1` are addresses.
  [/(^|\.)(\d+|0x[\da-f]*)\.?$/i, "an IP address"],
  [/_/, "an underscore"],
  [/[^a-z\d.\-\u{80}-\u{10ffff}]/iu, "a character that host names do not have"],
  [/^\.|\.\./, "an empty label"],
];

const nameMistakes: Mistakes = [
  [/\.$/, "an empty label"],
  [/^[^.]*$/, "a name of a single label"],
  [/[^.]{64}/, "a label of more than 63 characters"],
  [/^.{254}/, "a name of more than 253 characters"],
  // Not `--` inside, which names in use have: r3---sn-….googlevideo.com.
  [/(^|\.)-|-(\.|$)/, "a label that begins or ends with a hyphen"],
];

function firstMistake(mistakes: Mistakes, text: string): string | undefined {
  return mistakes.find(([pattern]) => pattern.test(text))?.[1];
}

/**
 * The scripts whose letters look like one another's. Of Unicode's "Moderately Restrictive" level, which browsers follow
 * too (https://www.unicode.org/reports/tr39/#Restriction_Level_Detection), this is the rule about them.
 */
const lookAlikes = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];

function mistakeInScripts(name: string): string | undefined {
  const labels = domainToUnicode(name).split(".");
  // Up to Node 22 encoding gives nothing for what cannot be decoded, from Node 24 on the label as it is.
  if (labels.some((label) => label.startsWith("xn--"))) return undecodable;
  const mixed = labels.some((label) => lookAlikes.filter((script) => script.test(label)).length > 1);
  return mixed ? "a label that mixes Latin, Cyrillic or Greek letters" : undefined;
}
