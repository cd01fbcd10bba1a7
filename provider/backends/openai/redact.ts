/** Whatever the API echoes, no message holds a secret, nor a key, not even one that is masked in part. */
export function redact(text: string, secrets: readonly string[]): string {
  // The longest first, as one may begin with another.
  const byLength = secrets.flatMap(spellings).toSorted((a, b) => b.length - a.length);
  const known = byLength.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
  return known.replace(/\bsk-[\w*-]+/g, "[key]");
}

/** A secret as a service may echo it: as it is, in JSON, in a URL, in base64. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret, "utf8");
  const escaped = encodeURIComponent(bytes.toString("utf8")); // which has no half of a surrogate pair: that throws
  return [secret, JSON.stringify(secret).slice(1, -1), escaped, bytes.toString("base64").replace(/=+$/, "")];
}
