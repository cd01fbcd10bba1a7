/** An invalid value in JSON. The message names its path and the expected value, never the value. */
export class ValidationError extends Error {
  override readonly name = "ValidationError";

  constructor(path: string, expected: string) {
    super(`${path} must be ${expected}`);
  }
}

export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ValidationError(what, "JSON"); // the parser's own message quotes the text
  }
}

/** The members of an object, which has all the required ones and no unknown ones. */
export function members(value: unknown, path: string, required: readonly string[], optional: readonly string[] = []) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new ValidationError(path, "an object");
  const found = new Map<string, unknown>(Object.entries(value));
  for (const key of required) if (!found.has(key)) throw new ValidationError(`${path}.${key}`, "present");
  for (const key of found.keys()) {
    if (!required.includes(key) && !optional.includes(key)) throw new ValidationError(path, "without unknown members");
  }
  return found;
}

export function text(value: unknown, path: string, longest: number): string {
  if (typeof value === "string" && value.length > 0 && value.length <= longest) return value;
  throw new ValidationError(path, `a text of 1 to ${longest} characters`);
}

export function matching(value: unknown, path: string, pattern: RegExp, expected: string): string {
  if (typeof value === "string" && pattern.test(value)) return value;
  throw new ValidationError(path, expected);
}

export function wholeNumber(value: unknown, path: string, least: number, most: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new ValidationError(path, `a whole number from ${least} to ${most}`);
}

export function list<T>(value: unknown, path: string, read: (item: unknown, path: string) => T): T[] {
  if (!Array.isArray(value)) throw new ValidationError(path, "a list");
  return value.map((item: unknown, index) => read(item, `${path}[${index}]`));
}
