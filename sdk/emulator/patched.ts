import type { Answer } from "./call";

/** The answer with a merge patch applied to the container that it has, or to each one that it lists. */
export function patched({ body, ...rest }: Answer, patch: Record<string, unknown>): Answer {
  if (!isObject(body)) return { ...rest, body };
  const { data } = body;
  if (isContainer(body)) return { ...rest, body: merged(body, patch) };
  if (!Array.isArray(data)) return { ...rest, body };
  return {
    ...rest,
    body: { ...body, data: data.map((one: unknown) => (isContainer(one) ? merged(one, patch) : one)) },
  };
}

/** Source: https://www.rfc-editor.org/rfc/rfc7396#section-2 */
function merged(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

function isContainer(value: unknown): boolean {
  return isObject(value) && value["object"] === "container";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
