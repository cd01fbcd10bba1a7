import type { CodeEntries } from "./code-entry";

/** OC11xx: settings of the environment, the stack and explicit providers. */
export const settingCodes = {
  OC1101: {
    message: "… is …. It must be true or false",
    cause: "The liveness setting holds text that is neither `true` nor `false`.",
    remedy: "Run `pulumi config set openai-containers:liveness true`, or `false`.",
  },
  OC1102: {
    message: "The stack's configuration … does not reach this resource's explicit provider",
    cause:
      "Pulumi passes no configuration of the stack to explicit providers, so the container could be created in another account or on another engine than the stack names.",
    remedy: "Use the class `Provider` of `pulumi-openai-containers` in place of `pulumi.ProviderResource`.",
  },
} as const satisfies CodeEntries;
