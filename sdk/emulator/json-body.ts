import { isUtf8 } from "node:buffer";
import { ApiError } from "./api-error";
import type { Call } from "./call";

/** @throws ApiError 413 for too much, 400 for another type than JSON and for what is no JSON */
export function jsonBody({ contentType, body }: Pick<Call, "contentType" | "body">): unknown {
  if (body === "too large") throw new ApiError(413, "Request body too large: at most 512 MB."); // the words are a guess
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  // The status is a guess between 400 and 415; parts of the API have been seen to answer 400.
  if (type !== "application/json") throw new ApiError(400, unsupported(type), { code: "unsupported_content_type" });
  try {
    if (isUtf8(body)) return JSON.parse(body.toString());
  } catch {
    // falls through: which character is wrong the API does not tell
  }
  throw new ApiError(400, notJson);
}

function unsupported(type: string): string {
  return (
    `Unsupported content type: '${type}'. This API method only accepts 'application/json' requests, but you specified ` +
    `the header 'Content-Type: ${type}'. Please try again with a supported content type.`
  );
}

const notJson =
  "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library " +
  "correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble " +
  "figuring out how to fix this, please contact us through our help center at help.openai.com.)";
