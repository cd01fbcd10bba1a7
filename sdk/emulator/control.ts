import { z } from "zod";
import type { Answer, Call } from "./call";
import type { AdjustableClock } from "./clock";
import { resourceOf } from "./entry";
import { type Faults, faultSchema } from "./faults";
import type { LoggedRequest } from "./options";
import type { Store } from "./store";

const clockSchema = z.strictObject({ advanceMinutes: z.number().min(0) });

/** What a test asks of an emulator in another process, under `/emulator`: no key, no limit, no faults. */
export class Control {
  constructor(
    private readonly store: Store,
    private readonly clock: AdjustableClock,
    private readonly faults: Faults,
    private readonly requests: readonly LoggedRequest[],
  ) {}

  answer({ method, path, body }: Call): Answer {
    switch (`${method} ${path}`) {
      case "GET /emulator/requests":
        return { status: 200, body: this.requests };
      case "GET /emulator/containers":
        return { status: 200, body: this.containers() };
      case "POST /emulator/clock":
        return taken(clockSchema, body, ({ advanceMinutes }) => this.clock.advance(advanceMinutes * 60_000));
      case "POST /emulator/faults":
        return taken(faultSchema, body, (fault) => this.faults.add(fault));
      case "DELETE /emulator/faults":
        this.faults.clear();
        return { status: 204 };
      default:
        return { status: 404, body: `There is no ${method} ${path}\n` };
    }
  }

  /** By account, newest first. */
  private containers() {
    const now = this.clock.now();
    const of = (account: string) => this.store.all(account).map((entry) => resourceOf(entry, now));
    return Object.fromEntries(this.store.accounts.map((account) => [account, of(account)]));
  }
}

/** Whatever its content type says, so that `curl -d` will do. */
function taken<T>(schema: z.ZodType<T>, body: Call["body"], take: (value: T) => void): Answer {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    return { status: 400, body: "The body is no JSON\n" };
  }
  const result = schema.safeParse(value);
  if (!result.success) return { status: 400, body: `${z.prettifyError(result.error)}\n` };
  take(result.data);
  return { status: 204 };
}
