import assert from "node:assert/strict";
import type Docker from "dockerode";
import { engine, inside, stopped } from "../support/docker";
import { HostStack } from "../support/host/host-stack";
import { assertLines } from "../support/lines";
import { dockerTestBackend } from "../support/test-backend";

const ways: Record<string, [stop: (sandbox: Docker.Container) => Promise<unknown>, code: number]> = {
  // As the kernel does when memory is exhausted.
  killed: [(sandbox) => sandbox.kill({ signal: "SIGKILL" }), 137],
  ended: [(sandbox) => sandbox.stop(), 143],
};

describe("stopped sandboxes", function () {
  this.timeout(180_000);
  let backend: Awaited<ReturnType<typeof dockerTestBackend>>;
  let stack: HostStack;

  before(async () => {
    backend = await dockerTestBackend();
    stack = new HostStack(backend.env);
    await stack.containers({ killed: backend.arguments, ended: backend.arguments }).up();
  });
  after(() => stack.end(backend.holder).finally(() => backend.stop()));

  it("are started again by a plain up, with their files and a warning, after SIGKILL and after docker stop", async () => {
    const { client } = await engine();
    for (const [name, [stop, code]] of Object.entries(ways)) {
      const id = stack.idOf(name);
      await inside(client, id, "echo kept > /mnt/data/file");
      await stop(client.getContainer(id));
      await stopped(client, id);
      assert.equal((await client.getContainer(id).inspect()).State.ExitCode, code);
    }
    const lines = ["ended", "killed"].map(
      (name) =>
        new RegExp(`^${name}: OC2005: container ${stack.idOf(name)} is stopped: up starts it again, with its files`),
    );
    const update = { op: "update", reasons: [], changed: [] };
    const preview = await stack.preview();
    assert.deepEqual(preview.steps, { killed: update, ended: update });
    assertLines(preview.warnings, lines);
    const up = await stack.up();
    assert.deepEqual(up.steps, { killed: update, ended: update });
    assertLines(up.warnings, lines);
    for (const name of Object.keys(ways)) {
      assert.equal((await inside(client, stack.idOf(name), "cat /mnt/data/file")).text, "kept");
    }
    const same = { op: "same", reasons: [], changed: [] };
    assert.deepEqual((await stack.up()).steps, { killed: same, ended: same });
  });

  it("have the status stopped in a refresh, and are started again by the next up", async () => {
    const { client } = await engine();
    for (const [name, [stop]] of Object.entries(ways)) {
      await stop(client.getContainer(stack.idOf(name)));
      await stopped(client, stack.idOf(name));
    }
    const refreshed = { op: "update", reasons: [], changed: ["status"] };
    assert.deepEqual((await stack.refresh()).steps, { killed: refreshed, ended: refreshed });
    const statuses = () => [...stack.resources.values()].map(({ outputs }) => outputs["status"]);
    assert.deepEqual(statuses(), ["stopped", "stopped"]);
    const { steps } = await stack.up();
    assert.deepEqual([steps["killed"]?.op, steps["ended"]?.op], ["update", "update"]);
    assert.deepEqual(statuses(), ["running", "running"]);
  });
});
