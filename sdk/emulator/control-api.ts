import { z } from "zod";
import type { AdjustableClock } from "./clock";
import type { ContainerStore } from "./containers/container-store";
import { resourceOf } from "./containers/stored-container";
import { type FaultQueue, faultSchema } from "./faults/fault-queue";
import type { ApiRequest, ApiResponse } from "./http/api-request";
import type { LoggedRequest } from "./options";

const clockSchema = z.strictObject({ advanceMinutes: z.number().min(0) });

/** Lets a test in another process control the emulator, under `/emulator/`: no API key, rate limit or faults apply. */
export class ControlApi {
  constructor(
    private readonly store: ContainerStore,
    private readonly clock: AdjustableClock,
    private readonly faults: FaultQueue,
    private readonly requests: readonly LoggedRequest[],
  ) {}

  handle({ method, path, body }: ApiRequest): ApiResponse {
    switch (`${method} ${path}`) {
      case "GET /emulator/requests":
        return { status: 200, body: this.requests };
      case "GET /emulator/containers":
        return { status: 200, body: this.containers() };
      case "POST /emulator/clock":
        return withJson(clockSchema, body, ({ advanceMinutes }) => this.clock.advance(advanceMinutes * 60_000));
      case "POST /emulator/faults":
        return withJson(faultSchema, body, (fault) => this.faults.add(fault));
      case "DELETE /emulator/faults":
        this.faults.clear();
        return { status: 204 };
      default:
        return { status: 404, body: `Unknown endpoint: ${method} ${path}\n` };
    }
  }

  /** By account, newest first. */
  private containers() {
    const now = this.clock.now();
    const of = (account: string) => this.store.all(account).map((container) => resourceOf(container, now));
    return Object.fromEntries(this.store.accounts.map((account) => [account, of(account)]));
  }
}

/**
 * Ignores the content type, so that `curl -d` works.
 * @param apply throws RangeError for a value that cannot be applied now
 */
function withJson<T>(schema: z.ZodType<T>, body: ApiRequest["body"], apply: (value: T) => void): ApiResponse {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    return { status: 400, body: "The body is not valid JSON\n" };
  }
  const result = schema.safeParse(value);
  if (!result.success) return { status: 400, body: `${z.prettifyError(result.error)}\n` };
  try {
    apply(result.data);
  } catch (error) {
    if (error instanceof RangeError) return { status: 400, body: `${error.message}\n` };
    throw error;
  }
  return { status: 204 };
}
