import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const provider = JSON.stringify(join(__dirname, "../../dist/provider"));

/** Loads the provider as Pulumi's host does, and ends it as Pulumi does. */
async function end(before: string): Promise<[exitCode: unknown, stderr: string]> {
  const script = `${before}; require(${provider}); setInterval(() => {}, 1_000); process.kill(process.pid, "SIGINT");`;
  const child = spawn(process.execPath, ["-e", script], { env: { ...process.env, XDG_STATE_HOME: tmpdir() } });
  const [stderr, [exitCode]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  return [exitCode, stderr];
}

describe("the shutdown of the provider's process", () => {
  it("is immediate and silent while no call is running", async () => {
    assert.deepEqual(await end(""), [130, ""]);
  });

  it("completes although a step fails, with a message on stderr", async () => {
    const failing = `require(${provider} + "/lifecycle/journal/journal").Journal.prototype.end = () => { throw new Error("no room") }`;
    const [exitCode, stderr] = await end(failing);
    assert.equal(exitCode, 130);
    assert.match(stderr, /^pulumi-openai-containers failed to shut down in order: Error: no room\n/);
  });
});
