import { setTimeout as sleep } from "node:timers/promises";
import { debugCall } from "../../debug-log";
import { at } from "../../model/unknowns";
import { BackendError, type Report, UnreachableError } from "../backend";
import type { ApiEndpoint } from "./api-endpoint";
import { errorResponseOf, LostResponseError, retryDelayOf } from "./api-error";
import { errorCodeOf, explainConnectionError } from "./explain-connection-error";
import { explainErrorResponse } from "./explain-error-response";
import type { RequestDeadline } from "./request-deadline";
import { cancelled, type Throttle } from "./throttle";
import type { Timeouts } from "./timeouts";

export interface Received<T> {
  data: T;
  response: Response;
}

/** A request that the official client has sent. */
export interface Sent<T> {
  /** Settles when the response begins. */
  asResponse(): Promise<Response>;
  withResponse(): Promise<Received<T>>;
}

/** A request, and how the official client sends it. */
export interface ApiRequest<T> {
  method: "GET" | "POST" | "DELETE";
  /** Below the base URL, for the debug log. */
  path: string;
  send(options: { timeout: number }): Sent<T>;
}

/** Sends requests: each waits for its turn, is retried where that is safe, and fails with a coded message. */
export class RequestSender {
  constructor(
    private readonly throttle: Throttle,
    private readonly endpoint: ApiEndpoint,
    private readonly ending: AbortSignal,
    private readonly timeouts: Timeouts,
  ) {}

  /**
   * Sends a request that must not be repeated when its response is lost.
   * @param more further values that no message may hold, and what the parameters of the request mean
   * @throws LostResponseError where it is unknown whether it was executed
   * @throws ApiError where it was rejected, UnreachableError where it was never sent, BackendError where it was cancelled
   */
  sendOnce<T>(
    request: ApiRequest<T>,
    timeoutMs: number,
    { secrets, valueAt }: Required<Pick<ApiEndpoint, "secrets" | "valueAt">>,
    report: Report,
  ): Promise<Received<T>> {
    const endpoint = { ...this.endpoint, valueAt, secrets: [...this.endpoint.secrets, ...secrets] };
    const call = async (responded: () => void) => {
      if (this.ending.aborted) throw cancelled(); // it was rate limited before; from now on there is only clean-up
      return receive(request, timeoutMs, responded);
    };
    return this.throttled(call, report, endpoint);
  }

  /**
   * Sends a request again when its response was lost: only for what may be executed twice.
   * @param until cancels retries at its abort
   * @throws ApiError where it was rejected, UnreachableError where no usable response came, BackendError where it was cancelled
   */
  async sendWithRetries<T>(
    request: ApiRequest<T>,
    deadline: RequestDeadline,
    report: Report,
    until: AbortSignal | null = this.ending,
  ): Promise<Received<T>> {
    const call = (responded: () => void) => deadline.spend(receive(request, deadline.timeoutMs, responded), report);
    for (const delay of this.timeouts.retryDelaysMs) {
      try {
        return await this.throttled(call, report, this.endpoint);
      } catch (error) {
        if (!(error instanceof LostResponseError)) throw error;
        if (!deadline.allows(delay)) throw this.pastDeadline(error);
      }
      const paused = sleep(delay, undefined, until ? { signal: until } : {});
      await deadline.spend(paused, report).catch(() => Promise.reject(cancelled()));
    }
    return this.throttled(call, report, this.endpoint);
  }

  /** Why a request is not retried: the failure that the API reported, or that there was no response. */
  private pastDeadline(lost: LostResponseError): UnreachableError {
    if (lost.cause === undefined) return lost;
    const { address, addressSource } = this.endpoint;
    return new UnreachableError(
      "OC2108",
      `The API at ${address} did not respond within ${this.timeouts.livenessMs / 1000} s`,
      `Run the same command again, or correct ${addressSource}`,
      { cause: lost },
    );
  }

  /** Waits for a call's turn, and again where the rate limit rejected it: what is rejected was not executed. */
  private async throttled<T>(
    call: (responded: () => void) => Promise<T>,
    report: Report,
    endpoint: ApiEndpoint,
  ): Promise<T> {
    const began = Date.now();
    for (let retries = 0; ; retries += 1) {
      try {
        return await this.throttle.run(call, report, retries > 0);
      } catch (error) {
        if (error instanceof BackendError) throw error;
        const response = errorResponseOf(error);
        if (!response) throw explainConnectionError(error, endpoint);
        const seconds = retryDelayOf(response, retries);
        if (seconds === undefined || Date.now() - began + seconds * 1000 > this.timeouts.rateLimitedMs)
          throw explainErrorResponse(response, endpoint);
        await this.throttle.pause(seconds);
      }
    }
  }
}

/** Sends a request and reads its response; reports when that begins. */
async function receive<T>(
  { method, path, send }: ApiRequest<T>,
  timeout: number,
  responded: () => void,
): Promise<Received<T>> {
  const began = performance.now();
  const log = (outcome: string | number, ids: (string | undefined)[]) =>
    debugCall("openai", method, path, outcome, performance.now() - began, ids.filter(Boolean).join(" ") || undefined);
  try {
    const sent = send({ timeout });
    sent.asResponse().then(responded, () => {}); // a failure is reported by the next line
    const received = await sent.withResponse();
    const { data, response } = received;
    log(response.status, [
      response.headers.get("x-request-id") ?? undefined,
      method === "POST" ? idIn(data) : undefined,
    ]);
    return received;
  } catch (error) {
    const response = errorResponseOf(error);
    log(response?.status ?? (errorCodeOf(error) || "no response"), [response?.requestId]);
    throw error;
  }
}

function idIn(body: unknown): string | undefined {
  const id = at(body, "id");
  return typeof id === "string" ? id : undefined;
}
