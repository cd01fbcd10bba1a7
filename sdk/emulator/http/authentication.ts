import { ApiError } from "./api-error";

/**
 * @param authorization the header, `Bearer sk-…`
 * @param keys the accepted API keys; undefined accepts any
 * @throws ApiError 401
 */
export function authenticate(authorization: string | undefined, keys: readonly string[] | undefined): void {
  const key = /^Bearer +(.+)$/i.exec(authorization ?? "")?.[1];
  if (key === undefined) throw new ApiError(401, missingKey);
  if (keys && !keys.includes(key)) {
    throw new ApiError(
      401,
      `Incorrect API key provided: ${masked(key)}. You can find your API key at https://platform.openai.com/account/api-keys.`,
      { code: "invalid_api_key" },
    );
  }
}

/** @param authorization the header, `Bearer sk-…` */
export function apiKeyOf(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S.*)$/i.exec(authorization ?? "")?.[1];
}

const missingKey =
  "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth " +
  "(i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing the API " +
  "from your browser and are prompted for a username and password. You can obtain an API key from " +
  "https://platform.openai.com/account/api-keys.";

/** `sk-proj-****************6759`; of a short key only two characters. */
function masked(key: string): string {
  const [head, tail] = key.length > 16 ? [8, 4] : [2, 0];
  return key.slice(0, head) + "*".repeat(Math.max(0, key.length - head - tail)) + key.slice(key.length - tail);
}
