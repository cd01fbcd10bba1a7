import assert from "node:assert/strict";
import { BackendError } from "../../provider/backends/backend";
import { key } from "./hosted";

/** What a create fails with. Nothing that fails so has a stack of causes to read: one message says it all. */
export async function createFailure(create: Promise<unknown>): Promise<BackendError> {
  const failure = await create.then(
    () => assert.fail("it was created"),
    (error: unknown) => error,
  );
  assert.ok(failure instanceof BackendError, String(failure));
  assert.ok(!failure.message.includes(key), failure.message);
  assert.ok(!failure.message.includes("sk-"), failure.message);
  return failure;
}
