import assert from "node:assert/strict";
import { ApiError } from "../../sdk/emulator/api-error";

/** What the emulator says of a value that it refuses. */
export type Refusal = [param: string | null, code: string, message: string];

export function refusalOf(work: () => unknown): Refusal {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof ApiError, String(error));
    assert.deepEqual([error.status, error.type], [400, "invalid_request_error"]);
    return [error.param, error.code ?? "none", error.message];
  }
  throw new Error("it was taken");
}
