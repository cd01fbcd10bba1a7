import type { SettingSources } from "../../config";
import type { Backend, BackendKind, ConfiguredBackend, Warning } from "../backend";
import { isUnencrypted } from "../unencrypted-address";
import { openBackend } from "./open-backend";
import { type OpenAISettings, openAISettings } from "./settings";

/** Containers of an account of the hosted API, or of a service that implements it. */
export const openai: BackendKind = {
  unsupported: () => [],
  warnings: () => [],
  configured: (sources: SettingSources) => new ConfiguredAccount(openAISettings(sources)),
};

class ConfiguredAccount implements ConfiguredBackend {
  constructor(private readonly settings: OpenAISettings) {}

  connectionWarnings(): Warning[] {
    const { value, source } = this.settings.baseUrl;
    if (!isUnencrypted(value)) return [];
    const text = `the connection to the API at ${new URL(value).origin} (${source}) is not encrypted: anyone on the network path can read the API key and domain secrets. Use an https:// address`;
    return [{ code: "OC1010", text }];
  }

  open(ending: AbortSignal): Promise<Backend> {
    return openBackend(this.settings, ending);
  }
}
