import { setTimeout as sleep } from "node:timers/promises";

const rateLimitedSeconds = 5; // where the response does not say
const requestMs = 60_000;
const rateLimitedMs = 300_000;

export interface RawResponse {
  status: number;
  body: unknown;
  /** The API's time in Unix seconds. */
  time: number;
}

/** Requests as they are, past the provider: also those that it never sends. */
export class RawApi {
  private readonly headers: Record<string, string>;

  constructor(
    readonly baseUrl: string,
    env: NodeJS.ProcessEnv,
  ) {
    const { OPENAI_API_KEY: key, OPENAI_ORG_ID: organization, OPENAI_PROJECT_ID: project } = env;
    this.headers = {
      authorization: `Bearer ${key}`,
      ...(organization && { "openai-organization": organization }),
      ...(project && { "openai-project": project }),
    };
  }

  /** Waits while the rate limit is exceeded, for five minutes at most. */
  async send(method: string, path: string, body?: FormData, until = Date.now() + rateLimitedMs): Promise<RawResponse> {
    const signal = AbortSignal.timeout(requestMs);
    const init = { method, headers: this.headers, signal, ...(body && { body }) };
    const response = await fetch(`${this.baseUrl}${path}`, init);
    const text = await response.text();
    if (response.status === 429 && Date.now() < until) {
      const seconds = Number.parseFloat(response.headers.get("retry-after") ?? "");
      await sleep((seconds >= 0 ? seconds : rateLimitedSeconds) * 1000);
      return this.send(method, path, body, until);
    }
    const time = (Date.parse(response.headers.get("date") ?? "") || Date.now()) / 1000;
    return { status: response.status, body: json(text), time };
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a page, or nothing
  }
}
