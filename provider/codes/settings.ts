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
      "Pulumi hands no configuration of the stack to explicit providers, so the container could be created in another account or on another engine than the stack names.",
    remedy: "Use the class `Provider` of `pulumi-openai-containers` in place of `pulumi.ProviderResource`.",
  },
  OC1103: {
    message: "what is sent to … is not encrypted: …",
    cause: "The address of the API or of the Docker engine has no TLS and is on another host.",
    remedy:
      "Use `https://` for the API. For an engine set `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH`, or forward its socket by SSH.",
  },
} as const satisfies CodeEntries;
