import type { Setting } from "../../config";
import { UnreachableError } from "../backend";
import { ContainersApi } from "./containers-api";
import { OpenAIBackend } from "./openai-backend";
import { Pacing } from "./pacing";
import { rateLimitOf } from "./rate-limit";
import type { OpenAISettings } from "./settings";
import { usualTiming } from "./timing";

/**
 * The account that the settings name. Asks it nothing yet.
 * @throws UnreachableError where a setting is missing or wrong
 */
export async function open(
  { apiKey, baseUrl, organization, project, requestsPerMinute, acceptUnconfirmedNetworkPolicy }: OpenAISettings,
  ending: AbortSignal,
  timing = usualTiming,
): Promise<OpenAIBackend> {
  if (!apiKey) {
    throw new UnreachableError(
      "OC0000",
      "There is no API key",
      "Set OPENAI_API_KEY, or: pulumi config set --secret openai-containers:apiKey",
    );
  }
  const url = address(baseUrl);
  // The API's limit is an organization's. Which one a key belongs to is not known where none is named.
  const counted = `${url} ${organization?.value ?? apiKey.value}`;
  const pacing = new Pacing(rateLimitOf(counted, wholeNumber(requestsPerMinute), timing.minute), ending);
  const { default: OpenAI } = await import("openai");
  const client = new OpenAI({
    apiKey: apiKey.value,
    adminAPIKey: null,
    baseURL: url,
    organization: organization?.value ?? null,
    project: project?.value ?? null,
    maxRetries: 0, // what may be sent again is known here only
    logLevel: "off", // at "debug" (OPENAI_LOG) it would print bodies, with the secrets in them
  });
  const access = {
    place: `${url} (${from(baseUrl)})`,
    placeSource: toCorrect(baseUrl, "OPENAI_BASE_URL"),
    keySource: apiKey.source,
    accountSources: accountSources(apiKey, organization, project),
    limitSource: toCorrect(requestsPerMinute, "openai-containers:requestsPerMinute"),
    secrets: [apiKey.value],
  };
  const api = new ContainersApi(client, pacing, access, ending, timing);
  const isOpenAI = new URL(url).hostname.endsWith(".openai.com");
  const service = { ...access, isOpenAI, acceptUnconfirmedNetworkPolicy };
  return new OpenAIBackend(api, accountOf(url, organization, project), ending, timing.looks, service);
}

/** `openai:https://api.openai.com/v1`, and the organization and project where they are set. */
function accountOf(url: string, organization: Setting | undefined, project: Setting | undefined): string {
  return [`openai:${url}`, organization?.value, project?.value].filter(Boolean).join(" ");
}

function address(setting: Setting): string {
  const url = URL.canParse(setting.value) ? new URL(setting.value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search) {
    throw new UnreachableError(
      "OC0000",
      `The address of the API (${from(setting)}) is not one that can be used`,
      "It must be a URL such as https://api.openai.com/v1, without user name, password and query",
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

function wholeNumber(setting: Setting): number {
  const value = Number(setting.value);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UnreachableError(
    "OC0000",
    `${setting.source} is ${JSON.stringify(setting.value)}`,
    "It must be a whole number of requests a minute, at least 1",
  );
}

/** What somebody sets in place of a default, or corrects where it was found. */
function toCorrect({ source }: Setting, usual: string): string {
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

function from({ source }: Setting): string {
  return source === "the default" ? source : `from ${source}`;
}
