import assert from "node:assert/strict";
import { archiveOf } from "../../provider/backends/docker/engine/archive";
import type { Engine } from "../../provider/backends/docker/engine/engine";
import { dataFolder } from "../../provider/backends/docker/sandbox/container-spec";
import { nameLabel } from "../../provider/backends/docker/sandbox/labels";
import { removeExpired } from "../../sdk/cli/prune/expired";
import { filesOf, inside, stopped } from "../support/docker";
import { ranMain } from "../support/ran-main";
import { ScaledSandboxes } from "../support/scaled-sandboxes";

describe("openai-containers prune", function () {
  this.timeout(60_000);
  let sandboxes: ScaledSandboxes;
  let engine: Engine;
  before(async () => {
    sandboxes = await ScaledSandboxes.open(2);
    // Others' tests have sandboxes on this engine that expired, too.
    const client = Object.create(sandboxes.host.client);
    client.listContainers = async (options: object) =>
      (await sandboxes.host.client.listContainers(options)).filter(({ Labels }) =>
        Labels[nameLabel]?.startsWith(sandboxes.prefix),
      );
    engine = { ...sandboxes.host, client };
  });
  after(() => sandboxes.end());

  const ran = async (mayRemove: boolean) => {
    const said: string[] = [];
    await removeExpired(engine, mayRemove, { tell: (text) => said.push(text), complain: () => undefined });
    return said.join("").replaceAll(/\d+ seconds?/g, "N seconds");
  };
  const exists = (id: string) =>
    sandboxes.host.client
      .getContainer(id)
      .inspect()
      .then(
        () => true,
        () => false,
      );

  it("lists what expired, and removes it when it may, and nothing that runs", async () => {
    assert.equal(await ran(false), `No sandbox that expired lies on the Docker engine at ${engine.address}.\n`);
    const gone = await sandboxes.create(undefined, `${sandboxes.prefix}-gone`);
    await stopped(engine.client, gone);
    const alive = await sandboxes.create(undefined, `${sandboxes.prefix}-alive`);
    const line = `${gone}  ${sandboxes.prefix}-gone  expired N seconds ago\n`;
    assert.equal(await ran(false), `${line}Nothing was removed. openai-containers prune --yes removes them.\n`);
    assert.equal(await exists(gone), true);
    assert.equal(await ran(true), `removed  ${line}`);
    assert.deepEqual([await exists(gone), await exists(alive)], [false, true]);
  });

  it("says in one line that no engine is there, and explains itself", async () => {
    const before = process.env["DOCKER_HOST"];
    process.env["DOCKER_HOST"] = "unix:///tmp/openai-containers-test-none.sock";
    try {
      const [code, out, err] = await ranMain(["prune"]);
      assert.deepEqual([code, out], [1, ""]);
      assert.match(
        err,
        /^OC2202: There is no Docker engine at unix:\/\/\/tmp\/openai-containers-test-none\.sock .*\n$/,
      );
    } finally {
      if (before === undefined) delete process.env["DOCKER_HOST"];
      else process.env["DOCKER_HOST"] = before;
    }
    assert.match((await ranMain(["prune", "--help"]))[1], /^Usage: openai-containers prune \[--yes\]/);
    assert.equal((await ranMain(["prune", "all"]))[0], 2);
  });

  it("has little to remove: what expires takes its files along, from read-only folders as well, but for root's", async () => {
    const { client } = sandboxes.host;
    const id = await sandboxes.create();
    await client.getContainer(id).putArchive(await archiveOf([["root/file", "x"]]), { path: dataFolder });
    await inside(client, id, "mkdir -p kept/deep; echo x > kept/deep/file; chmod -R a-w kept; echo x > .hidden");
    await stopped(client, id);
    assert.deepEqual((await filesOf(client, id)).sort(), ["data", "data/root", "data/root/file"]);
  });
});
