import type { Setting } from "../../config";
import { UnreachableError } from "../backend";
import { connectApi } from "./api-connection";
import { ContainersApi } from "./containers-api";
import { OpenAIBackend } from "./openai-backend";
import type { OpenAISettings } from "./settings";
import { defaultTimeouts } from "./timeouts";

/**
 * Opens the account that the settings name. Sends no request yet.
 * @throws UnreachableError where a setting is missing or wrong
 */
export async function openBackend(
  settings: OpenAISettings,
  ending: AbortSignal,
  timeouts = defaultTimeouts,
): Promise<OpenAIBackend> {
  const { apiKey, organization, project } = settings;
  if (!apiKey) {
    throw new UnreachableError(
      "OC2101",
      "There is no API key",
      "Set OPENAI_API_KEY, or run: pulumi config set --secret openai-containers:apiKey",
    );
  }
  const { url, client, sender, endpoint } = await connectApi(apiKey, settings, ending, timeouts);
  const api = new ContainersApi(client, sender, endpoint, ending, timeouts);
  return new OpenAIBackend(api, accountOf(url, organization, project), ending, timeouts.findDelaysMs, endpoint);
}

/** `openai:https://api.openai.com/v1`, and the organization and project where they are set. */
function accountOf(url: string, organization: Setting | undefined, project: Setting | undefined): string {
  return [`openai:${url}`, organization?.value, project?.value].filter(Boolean).join(" ");
}
