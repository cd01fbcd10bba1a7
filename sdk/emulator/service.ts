import { setTimeout } from "node:timers/promises";
import { ApiError } from "./api-error";
import { authenticate } from "./authentication";
import type { Answer, Call } from "./call";
import type { Clock } from "./clock";
import type { ContainersApi } from "./containers-api";
import type { Fault } from "./fault";
import type { Faults } from "./faults";
import { patched } from "./patched";
import type { RateLimit } from "./rate-limit";

/** What a client is to get: an answer, whole or half, or nothing. */
export type Reply = { answer: Answer; isHalf?: true } | "cut" | "hang";

/** What a request passes on its way: authentication, faults, the rate limit, and then the API. */
export class Service {
  constructor(
    private readonly api: ContainersApi,
    private readonly faults: Faults,
    private readonly limit: RateLimit,
    private readonly clock: Clock,
    private readonly keys: readonly string[] | undefined,
  ) {}

  /**
   * @param stopping ends a wait
   * @throws AbortError when stopped while it waits
   */
  async reply(call: Call, stopping: AbortSignal): Promise<Reply> {
    try {
      authenticate(call.authorization, this.keys);
    } catch (error) {
      return { answer: refusal(error) };
    }
    const fault = this.faults.take(call);
    return fault ? this.faulty(call, fault, stopping) : { answer: this.work(call) };
  }

  private async faulty(call: Call, { answer, afterWork }: Fault, stopping: AbortSignal): Promise<Reply> {
    const done = afterWork ? this.work(call) : undefined;
    if (answer === "cut" || answer === "hang") return answer;
    if (answer === "truncated") return { answer: done ?? this.foretell(call), isHalf: true };
    if ("status" in answer) return { answer };
    if ("patch" in answer) return { answer: patched(done ?? this.work(call), answer.patch) };
    await setTimeout(answer.delayMs, undefined, { signal: stopping });
    return { answer: done ?? this.work(call) };
  }

  private work(call: Call): Answer {
    try {
      this.limit.take(call.organization, this.clock.now());
      const { answer, effect } = this.api.outcome(call);
      effect?.();
      return answer;
    } catch (error) {
      return refusal(error);
    }
  }

  /** The answer that the work would have. */
  private foretell(call: Call): Answer {
    try {
      return this.api.outcome(call).answer;
    } catch (error) {
      return refusal(error);
    }
  }
}

function refusal(error: unknown): Answer {
  if (error instanceof ApiError) return { status: error.status, headers: error.headers, body: error.body };
  // A mistake of the emulator's own: whoever tests against it should see it, and it must not end the process.
  const message = `The emulator failed: ${error instanceof Error ? error.stack : String(error)}`;
  return { status: 500, body: new ApiError(500, message, { type: "server_error" }).body };
}
