/** Whether a name, or an id, is one of an image's: `python`, `docker.io/library/python:latest` and `sha256:3f…` may be the same. */
export function isSameImage(name: string, names: readonly string[]): boolean {
  return names.some((other) => full(other) === full(name) || isIdOf(name, other));
}

/** A reference with the registry, the folder and the tag that Docker adds to it. */
function full(name: string): string {
  const parts = name.split("/");
  const [first = ""] = parts;
  const hasRegistry = parts.length > 1 && (/[.:]/.test(first) || first === "localhost");
  const path = (hasRegistry ? name : `docker.io/${name}`).replace(/^index\.docker\.io\//, "docker.io/");
  const withFolder = path.replace(/^docker\.io\/(?!.*\/)/, "docker.io/library/");
  return /[:@][^/]*$/.test(withFolder) ? withFolder : `${withFolder}:latest`;
}

const prefix = "sha256:";

/** An id may be shortened, and be without its algorithm. */
function isIdOf(name: string, id: string): boolean {
  const digits = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  return id.startsWith(prefix) && /^[\da-f]{12,64}$/.test(digits) && id.startsWith(prefix + digits);
}
