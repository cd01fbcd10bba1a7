/** A host and a port, written as `host` or `host:port`. */
export interface Authority {
  readonly host: string;
  readonly port: number;
}

/**
 * Whether this is a host name in its one form: lower-case ASCII, two labels or more, no dot at the end. An address is
 * none: a name whose last label is a number would be taken for one (https://url.spec.whatwg.org/#ends-in-a-number-checker).
 */
export function isExactName(text: string): boolean {
  const labels = text.split(".");
  const last = labels.at(-1) ?? "";
  return text.length <= 253 && labels.length >= 2 && labels.every(isLabel) && !/^(\d+|0x[\da-f]*)$/.test(last);
}

function isLabel(label: string): boolean {
  return /^[a-z\d-]{1,63}$/.test(label) && !label.startsWith("-") && !label.endsWith("-");
}

/**
 * Lower case for ASCII letters and no others: names are compared so (RFC 4343), and JavaScript's own lower case makes
 * a `k` of the Kelvin sign.
 */
export function lowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** RFC 3986, section 3.2, without user information and address literals, which are no use here and have fooled others. */
export function parseAuthority(text: string, defaultPort?: number): Authority | undefined {
  const [name = "", port, ...more] = text.split(":");
  const host = lowerCase(name);
  if (more.length > 0 || !isExactName(host)) return undefined;
  if (port === undefined) return defaultPort === undefined ? undefined : { host, port: defaultPort };
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535) return undefined;
  return { host, port: Number(port) };
}
