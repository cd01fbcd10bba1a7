import { setTimeout } from "node:timers/promises";
import type { Api } from "./api";
import type { Fault } from "./faults/fault";
import type { FaultQueue } from "./faults/fault-queue";
import { withMergePatch } from "./faults/merge-patch";
import { ApiError } from "./http/api-error";
import type { ApiRequest, ApiResponse } from "./http/api-request";
import { authenticate } from "./http/authentication";
import type { RateLimit } from "./http/rate-limit";
import type { Delivery } from "./http/send-response";

/** Handles a request to the API in this order: authentication, injected fault, rate limit, operation. */
export class RequestHandler {
  constructor(
    private readonly api: Api,
    private readonly faults: FaultQueue,
    private readonly limit: RateLimit,
    private readonly now: () => number,
    private readonly keys: readonly string[] | undefined,
  ) {}

  /**
   * @param stopping aborts a delay
   * @throws AbortError when the emulator stops during a delay
   */
  async handle(request: ApiRequest, stopping: AbortSignal): Promise<Delivery> {
    try {
      authenticate(request.authorization, this.keys);
    } catch (error) {
      return { response: errorResponse(error) };
    }
    const fault = this.faults.take(request);
    return fault ? this.fail(request, fault, stopping) : { response: await this.process(request) };
  }

  private async fail(request: ApiRequest, { answer, afterWork }: Fault, stopping: AbortSignal): Promise<Delivery> {
    const processed = afterWork ? await this.process(request) : undefined;
    if (answer === "cut" || answer === "hang") return answer;
    if (answer === "truncated") return { response: processed ?? (await this.dryRun(request)), isTruncated: true };
    if ("status" in answer) return { response: answer };
    if ("patch" in answer)
      return { response: withMergePatch(processed ?? (await this.process(request)), answer.patch) };
    await setTimeout(answer.delayMs, undefined, { signal: stopping });
    return { response: processed ?? (await this.process(request)) };
  }

  private async process(request: ApiRequest): Promise<ApiResponse> {
    try {
      this.limit.admit(request.organization, this.now());
      const { response, commit } = await this.api.operation(request);
      commit?.();
      return response;
    } catch (error) {
      return errorResponse(error);
    }
  }

  /** The response that processing the request would give, without its effect. */
  private async dryRun(request: ApiRequest): Promise<ApiResponse> {
    try {
      return (await this.api.operation(request)).response;
    } catch (error) {
      return errorResponse(error);
    }
  }
}

function errorResponse(error: unknown): ApiResponse {
  if (error instanceof ApiError) return { status: error.status, headers: error.headers, body: error.body };
  // A bug of the emulator: shown to the developer who tests against it, and it must not end the process.
  const message = `The emulator failed: ${error instanceof Error ? error.stack : String(error)}`;
  return { status: 500, body: new ApiError(500, message, { type: "server_error" }).body };
}
