import type { SettingSources } from "../../config";
import type { AccountContent, ConfiguredAccount, OpenAccount } from "../account-content";
import { type Report, UnreachableError } from "../backend";
import { DownloadedContent } from "./account-content";
import { connectApi } from "./api-connection";
import { type OpenAISettings, openAISettings } from "./settings";
import { defaultTimeouts } from "./timeouts";

/** The account of the hosted API for another backend, which needs it for files and skills alone. */
export function accountOf(sources: SettingSources): ConfiguredAccount {
  return new ConfiguredContent(openAISettings(sources));
}

class ConfiguredContent implements ConfiguredAccount {
  constructor(private readonly settings: OpenAISettings) {}

  opener(ending: AbortSignal): OpenAccount {
    return (neededBy, report) => openAccountContent(this.settings, neededBy, report, ending);
  }
}

/**
 * @param neededBy the argument that needs it, for the message where there is no key: `skills[0]`, `fileIds`
 * @throws UnreachableError where a setting is missing or wrong
 */
export async function openAccountContent(
  settings: OpenAISettings,
  neededBy: string,
  report: Report,
  ending: AbortSignal,
  timeouts = defaultTimeouts,
): Promise<AccountContent> {
  const { apiKey } = settings;
  if (!apiKey) {
    throw new UnreachableError(
      "OC2136",
      `There is no API key, and ${neededBy} must be fetched from the API`,
      "Set OPENAI_API_KEY, or run: pulumi config set --secret openai-containers:apiKey",
    );
  }
  return new DownloadedContent(await connectApi(apiKey, settings, ending, timeouts), timeouts, report, ending);
}
