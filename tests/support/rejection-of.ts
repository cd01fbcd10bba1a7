import assert from "node:assert/strict";
import { ApiError } from "../../sdk/emulator/http/api-error";

/** The emulator's error for an invalid value. */
export type Rejection = [param: string | null, code: string, message: string];

export function rejectionOf(work: () => unknown): Rejection {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof ApiError, String(error));
    assert.deepEqual([error.status, error.type], [400, "invalid_request_error"]);
    return [error.param, error.code ?? "none", error.message];
  }
  throw new Error("it was accepted");
}
