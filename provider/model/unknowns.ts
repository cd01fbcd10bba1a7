/**
 * In a preview, a value that is not known yet arrives as this string, at any depth and in place of any type
 * (`unknownValue` in the SDK's runtime/rpc; a test compares the two).
 */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value is, or holds somewhere, one that is not known yet. */
export function holdsUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown);
}

/** Whether the path leads to an unknown value, or through one. */
export function leadsToUnknown(root: unknown, path: readonly PropertyKey[]): boolean {
  let value = root;
  for (const key of path) {
    if (value === unknownValue) return true;
    value = at(value, key);
  }
  return value === unknownValue;
}

/** The value under a key; undefined where there is none. */
export function at(value: unknown, key: PropertyKey): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
