import assert from "node:assert/strict";
import OpenAI from "openai";
import { type Emulator, type EmulatorOptions, ManualClock, startEmulator } from "../../sdk/emulator";

export const startSeconds = 1_700_000_000;
export const unknownId = `cntr_${"0".repeat(48)}`;

let running: Emulator | undefined;
export let clock: ManualClock;

/** An emulator for the test, with a manual clock, and the official client for it. */
export async function startWithClient(
  options: EmulatorOptions = {},
  account: { organization?: string; project?: string } = {},
) {
  clock = new ManualClock(startSeconds * 1000);
  running = await startEmulator({ clock, ...options });
  return { emulator: running, containers: client(running, account).containers };
}

export function client(emulator: Emulator, account: { organization?: string; project?: string } = {}): OpenAI {
  return new OpenAI({ apiKey: "key", baseURL: emulator.baseUrl, maxRetries: 0, ...account });
}

/** Asserts that the API rejects a request with this error. */
export function assertRejected(promise: PromiseLike<unknown>, status: number, body: object): Promise<void> {
  return assert.rejects(Promise.resolve(promise), (error) => {
    assert.ok(error instanceof OpenAI.APIError, String(error));
    assert.equal(error.status, status);
    assert.match(error.requestID ?? "", /^req_[0-9a-f]{32}$/);
    assert.deepEqual(error.error, { type: "invalid_request_error", param: null, code: null, ...body });
    return true;
  });
}

export async function send(emulator: Emulator, method: string, path: string, init: RequestInit = {}) {
  const headers = { authorization: "Bearer key", "content-type": "application/json" };
  const response = await fetch(new URL(path, emulator.baseUrl), { method, headers, ...init });
  assert.match(response.headers.get("x-request-id") ?? "", /^req_[0-9a-f]{32}$/);
  const text = await response.text();
  return { status: response.status, text, error: text.startsWith("{") ? JSON.parse(text).error : undefined };
}

/** Stops the emulator. */
export async function stopEmulator(): Promise<void> {
  await running?.stop();
  running = undefined;
}
