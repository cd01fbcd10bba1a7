import { isUtf8 } from "node:buffer";
import { ApiError } from "./api-error";
import type { ApiRequest } from "./api-request";

/** @throws ApiError 413 for a body over the limit, 400 for another content type and for invalid JSON */
export function jsonBody({ contentType, body }: Pick<ApiRequest, "contentType" | "body">): unknown {
  if (body === "too large") throw new ApiError(413, "Request body too large: at most 512 MB."); // the wording is a guess
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  // The status, 400 or 415, is a guess; other endpoints of the API respond with 400.
  if (type !== "application/json") throw new ApiError(400, unsupportedType(type), { code: "unsupported_content_type" });
  try {
    if (isUtf8(body)) return JSON.parse(body.toString());
  } catch {
    // falls through: the API does not report the position of the error
  }
  throw new ApiError(400, invalidJson);
}

function unsupportedType(type: string): string {
  return (
    `Unsupported content type: '${type}'. This API method only accepts 'application/json' requests, but you specified ` +
    `the header 'Content-Type: ${type}'. Please try again with a supported content type.`
  );
}

const invalidJson =
  "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library " +
  "correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble " +
  "figuring out how to fix this, please contact us through our help center at help.openai.com.)";
