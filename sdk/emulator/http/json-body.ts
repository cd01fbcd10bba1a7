import { isUtf8 } from "node:buffer";
import { ApiError } from "./api-error";
import type { ApiRequest } from "./api-request";

/** @throws ApiError 413 for a body over the limit, 400 for another content type and for invalid JSON */
export function jsonBody({ contentType = "", body }: Pick<ApiRequest, "contentType" | "body">): unknown {
  if (body === "too large") throw tooLarge();
  const type = mediaTypeOf(contentType);
  if (type !== "application/json") throw unsupportedType(contentType, "application/json");
  try {
    if (isUtf8(body)) return JSON.parse(body.toString());
  } catch {
    // falls through: the API does not report the position of the error
  }
  throw new ApiError(400, invalidJson);
}

/** The wording is a guess. */
export function tooLarge(): ApiError {
  return new ApiError(413, "Request body too large: at most 512 MB.");
}

/** The status, 400 or 415, is a guess; other endpoints of the API respond with 400. */
export function unsupportedType(contentType: string, supported: string): ApiError {
  const type = mediaTypeOf(contentType);
  const message =
    `Unsupported content type: '${type}'. This API method only accepts '${supported}' requests, but you specified ` +
    `the header 'Content-Type: ${type}'. Please try again with a supported content type.`;
  return new ApiError(400, message, { code: "unsupported_content_type" });
}

function mediaTypeOf(contentType: string): string {
  return contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

const invalidJson =
  "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library " +
  "correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble " +
  "figuring out how to fix this, please contact us through our help center at help.openai.com.)";
