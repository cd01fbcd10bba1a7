import assert from "node:assert/strict";
import { BackendError } from "../../provider/backends/backend";
import { key } from "./hosted";

/** The error of a failing create, which must have no secret in its message. */
export async function createFailure(create: Promise<unknown>): Promise<BackendError> {
  const failure = await create.then(
    () => assert.fail("the container was created"),
    (error: unknown) => error,
  );
  assert.ok(failure instanceof BackendError, String(failure));
  assert.ok(!failure.message.includes(key), failure.message);
  assert.ok(!failure.message.includes("sk-"), failure.message);
  return failure;
}
