import { openBackend } from "../../provider/backends/openai/open-backend";
import type { OpenAIBackend } from "../../provider/backends/openai/openai-backend";
import { openAISettings } from "../../provider/backends/openai/settings";
import { defaultTimeouts } from "../../provider/backends/openai/timeouts";
import { settingSources } from "../../provider/config";
import type { Container } from "../../provider/model/container";

export const key = "sk-test-0123456789abcdefghijklmnopqrstuvwxyz";

/** Pauses as short as an emulator on the same machine allows, and time limits that a busy machine keeps. */
export const quick = {
  ...defaultTimeouts,
  responseMs: 2_000, // which a test of a missing response waits for
  retryDelaysMs: [1, 2, 3, 4],
  findDelaysMs: [0, 10, 20, 30, 40],
};

/** A backend of an account, as the environment names it. */
export function hosted(
  baseUrl: string,
  env: NodeJS.ProcessEnv = {},
  timeouts = quick,
  ending = new AbortController().signal,
  config: Record<string, string> = {},
): Promise<OpenAIBackend> {
  const sources = settingSources(
    { OPENAI_API_KEY: key, OPENAI_BASE_URL: baseUrl, ...env },
    (name) => ({ "openai-containers:requestsPerMinute": "1000000", ...config })[name],
  );
  return openBackend(openAISettings(sources), ending, timeouts);
}

/** Valid arguments of a small container. */
export function hostedArgs(name: string, changes: Omit<Partial<Container>, "name"> = {}): Container & { name: string } {
  return {
    name,
    memoryLimit: "1g",
    networkPolicy: { type: "disabled" },
    expiresAfter: { anchor: "last_active_at", minutes: 20 },
    backend: "openai",
    ...changes,
  };
}
