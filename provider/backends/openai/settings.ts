import { byDefault, type Setting, type SettingSources } from "../../config";

export interface OpenAISettings {
  apiKey: Setting | undefined;
  baseUrl: Setting;
  organization: Setting | undefined;
  project: Setting | undefined;
  /** How many requests a minute this process may send. */
  requestsPerMinute: Setting;
  /** Whether an allow list that the service does not report is taken for applied: `true` or `false`. */
  acceptUnconfirmedNetworkPolicy: Setting;
}

export function openAISettings({ own, shared, first }: SettingSources): OpenAISettings {
  const apiKey = own("apiKey");
  // With a key of the provider's own, the environment's organization and project belong to another key.
  const ofKey = (name: string, variable: string) => (apiKey ? own(name) : first(name, variable));
  return {
    apiKey: apiKey ?? shared("apiKey", "OPENAI_API_KEY"),
    baseUrl: first("baseUrl", "OPENAI_BASE_URL") ?? byDefault("https://api.openai.com/v1"),
    organization: ofKey("organization", "OPENAI_ORG_ID"),
    project: ofKey("project", "OPENAI_PROJECT_ID"),
    requestsPerMinute: first("requestsPerMinute") ?? byDefault("100"),
    acceptUnconfirmedNetworkPolicy: first("acceptUnconfirmedNetworkPolicy") ?? byDefault("false"),
  };
}
