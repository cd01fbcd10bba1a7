/** Properties without those that are null, at any depth: null means the same as left out. Members of lists stay. */
export function withoutNulls(properties: object): Record<string, unknown> {
  const entries = Object.entries(properties).filter(([, value]) => value !== null);
  return Object.fromEntries(entries.map(([key, value]) => [key, cleaned(value)]));
}

function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleaned);
  return typeof value === "object" && value !== null ? withoutNulls(value) : value;
}

/** Pulumi's wire knows no undefined ("Unexpected struct type"). */
export function defined(properties: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
