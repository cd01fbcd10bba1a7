import type { BackendKind } from "../backend";
import { isSentInClear } from "../in-clear";
import { open } from "./open";

/** Containers of an account of the hosted API, or of a service that implements it. */
export const openai: BackendKind = {
  unsupported: () => [],
  warnings: () => [],
  connectionWarnings: ({ openai: { baseUrl } }) =>
    isSentInClear(baseUrl.value)
      ? [
          {
            code: "OC1010",
            text: `the connection to the API at ${new URL(baseUrl.value).origin} (${baseUrl.source}) is not encrypted: anyone on the network path can read the API key and domain secrets. Use an https:// address`,
          },
        ]
      : [],
  open: ({ openai: settings }, ending) => open(settings, ending),
};
