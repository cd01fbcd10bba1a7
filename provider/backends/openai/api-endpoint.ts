import type { Setting } from "../../config";

/** The service that requests go to, and the settings that lead there: for messages. */
export interface ApiEndpoint {
  /** The base URL and where it was found: `https://api.openai.com/v1 (the default)`. */
  address: string;
  /** The setting to correct where that is the wrong one: `OPENAI_BASE_URL`, `the provider's baseUrl`. */
  addressSource: string;
  /** Where the key was found: `OPENAI_API_KEY`. */
  keySource: string;
  /** The settings to correct where the key is of another account: `OPENAI_ORG_ID and OPENAI_PROJECT_ID`. */
  accountSources: string;
  /** The setting to lower where others use the rate limit too: `openai-containers:requestsPerMinute`. */
  rateLimitSource: string;
  /** Values that no message may hold. */
  secrets: readonly string[];
  /** The id, name or version that a parameter of the request means, for messages. */
  valueAt?(param: string): string | undefined;
  /** OpenAI's own may leave out arguments with their defaults; what another service applies, only its response says. */
  isOpenAI: boolean;
  /** Whether an allow list that the service does not report counts as applied: `true` or `false`. */
  acceptUnconfirmedNetworkPolicy: Setting;
}
