/** Whether a name, or an id, is one of an image's: `python`, `library/python:latest` and `sha256:3f…` may be the same. */
export function isSameImage(name: string, names: readonly string[]): boolean {
  return names.some((other) => full(other) === full(name) || isIdOf(name, other));
}

/** A reference with the tag that Docker adds to it, and without the folder that it leaves out. */
function full(name: string): string {
  const short = name.replace(/^library\//, "");
  return /[:@][^/]*$/.test(short) ? short : `${short}:latest`;
}

const prefix = "sha256:";

/** An id may be shortened, and be without its algorithm. */
function isIdOf(name: string, id: string): boolean {
  const digits = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  return id.startsWith(prefix) && /^[\da-f]{12,64}$/.test(digits) && id.startsWith(prefix + digits);
}
