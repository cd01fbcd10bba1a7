import type { ApiResponse } from "../http/api-request";

/** Applies a JSON merge patch to the container in a response, or to each container in a list. */
export function withMergePatch({ body, ...rest }: ApiResponse, patch: Record<string, unknown>): ApiResponse {
  if (!isObject(body)) return { ...rest, body };
  if (isContainer(body)) return { ...rest, body: mergePatch(body, patch) };
  const { data } = body;
  if (!Array.isArray(data)) return { ...rest, body };
  const patchedData = data.map((item: unknown) => (isContainer(item) ? mergePatch(item, patch) : item));
  return { ...rest, body: { ...body, data: patchedData } };
}

/** Source: https://www.rfc-editor.org/rfc/rfc7396#section-2 */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

function isContainer(value: unknown): boolean {
  return isObject(value) && value["object"] === "container";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
