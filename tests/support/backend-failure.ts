import assert from "node:assert/strict";
import { BackendError } from "../../provider/backends/backend";

/** The message of the BackendError with which a call fails. */
export async function backendFailure(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    assert.ok(error instanceof BackendError);
    return error.message;
  }
  return assert.fail("nothing was thrown");
}
