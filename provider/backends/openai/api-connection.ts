import type { OpenAI } from "openai" with { "resolution-mode": "import" };
import type { Setting } from "../../config";
import { UnreachableError } from "../backend";
import type { ApiEndpoint } from "./api-endpoint";
import { assertHeaderValue } from "./assert-header-value";
import { officialClient } from "./official-client";
import { rateLimiterFor } from "./rate-limiter";
import { RequestSender } from "./request-sender";
import type { OpenAISettings } from "./settings";
import { Throttle } from "./throttle";
import type { Timeouts } from "./timeouts";

/** What every request to one account goes through. */
export interface ApiConnection {
  /** The base URL. */
  url: string;
  client: OpenAI;
  sender: RequestSender;
  endpoint: ApiEndpoint;
}

/**
 * Prepares requests to the account that the settings name. Sends none yet.
 * @throws UnreachableError where a setting is wrong
 */
export async function connectApi(
  apiKey: Setting,
  { baseUrl, organization, project, requestsPerMinute, acceptUnconfirmedNetworkPolicy }: OpenAISettings,
  ending: AbortSignal,
  timeouts: Timeouts,
): Promise<ApiConnection> {
  for (const sent of [apiKey, organization, project]) if (sent) assertHeaderValue(sent);
  const url = normalizedUrl(baseUrl);
  // The API's limit is an organization's. Which one a key belongs to is not known where none is named.
  const limited = `${url} ${organization?.value ?? apiKey.value}`;
  const limiter = rateLimiterFor(limited, positiveNumber(requestsPerMinute), timeouts.rateWindowMs);
  const client = await officialClient({
    apiKey: apiKey.value,
    adminAPIKey: null,
    baseURL: url,
    organization: organization?.value ?? null,
    project: project?.value ?? null,
    maxRetries: 0, // RequestSender alone knows which requests may be sent again
    logLevel: "off", // at "debug" (OPENAI_LOG) it would print bodies, with the secrets in them
  });
  const endpoint = {
    address: `${url} (${origin(baseUrl)})`,
    addressSource: settingToCorrect(baseUrl, "OPENAI_BASE_URL"),
    keySource: apiKey.source,
    accountSources: accountSources(apiKey, organization, project),
    rateLimitSource: settingToCorrect(requestsPerMinute, "openai-containers:requestsPerMinute"),
    secrets: [apiKey.value],
    isOpenAI: new URL(url).hostname.endsWith(".openai.com"),
    acceptUnconfirmedNetworkPolicy,
  };
  return {
    url,
    client,
    endpoint,
    sender: new RequestSender(new Throttle(limiter, ending), endpoint, ending, timeouts),
  };
}

function normalizedUrl(setting: Setting): string {
  const url = URL.canParse(setting.value) ? new URL(setting.value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search) {
    throw new UnreachableError(
      "OC2102",
      `The API address (${origin(setting)}) cannot be used: it is not an http(s) URL without user name, password and query`,
      "Set it to a URL such as https://api.openai.com/v1",
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

function positiveNumber(setting: Setting): number {
  const value = Number(setting.value);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UnreachableError(
    "OC2103",
    `${setting.source} is ${JSON.stringify(setting.value)}, which is not a positive whole number`,
    "Set it to the requests per minute that this process may send, such as 100",
  );
}

/** The setting to set in place of a default, or to correct where it was found. */
function settingToCorrect({ source }: Setting, usual: string): string {
  return source === "the default" ? usual : source;
}

/** With a key of the Provider's own, its organization and project are its own too. */
function accountSources(key: Setting, organization: Setting | undefined, project: Setting | undefined): string {
  const set = [organization, project].flatMap((setting) => setting?.source ?? []);
  if (set.length > 0) return set.join(" and ");
  return key.source === "the provider's apiKey"
    ? "the provider's organization and project"
    : "OPENAI_ORG_ID and OPENAI_PROJECT_ID";
}

function origin({ source }: Setting): string {
  return source === "the default" ? source : `from ${source}`;
}
