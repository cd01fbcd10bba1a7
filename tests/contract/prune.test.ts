import assert from "node:assert/strict";
import { archiveOf } from "../../provider/backends/docker/engine/archive";
import type { Engine } from "../../provider/backends/docker/engine/engine";
import { dataFolder } from "../../provider/backends/docker/sandbox/container-spec";
import { nameLabel } from "../../provider/backends/docker/sandbox/labels";
import { pruneExpired } from "../../sdk/cli/prune/expired-sandboxes";
import { filesOf, inside, stopped } from "../support/docker";
import { runMain } from "../support/run-main";
import { ScaledSandboxes } from "../support/scaled-sandboxes";

describe("openai-containers prune", () => {
  let sandboxes: ScaledSandboxes;
  let engine: Engine;
  before(async () => {
    sandboxes = await ScaledSandboxes.open(2);
    // Other tests may have expired sandboxes on this engine too.
    const client = Object.create(sandboxes.host.client);
    client.listContainers = async (options: object) =>
      (await sandboxes.host.client.listContainers(options)).filter(({ Labels }) =>
        Labels[nameLabel]?.startsWith(sandboxes.prefix),
      );
    engine = { ...sandboxes.host, client };
  });
  after(() => sandboxes.end());

  const printed = async (mayRemove: boolean) => {
    const texts: string[] = [];
    await pruneExpired(engine, mayRemove, { stdout: (text) => texts.push(text), stderr: assert.fail });
    return texts.join("").replaceAll(/\d+ seconds?/g, "N seconds");
  };
  const exists = (id: string) =>
    sandboxes.host.client
      .getContainer(id)
      .inspect()
      .then(
        () => true,
        () => false,
      );

  it("lists expired sandboxes, removes them only with --yes, and never a running one", async () => {
    assert.equal(await printed(false), `There are no expired sandboxes on the Docker engine at ${engine.address}.\n`);
    const expired = await sandboxes.create(undefined, `${sandboxes.prefix}-expired`);
    await stopped(engine.client, expired);
    const running = await sandboxes.create(undefined, `${sandboxes.prefix}-running`);
    const line = `${expired}  ${sandboxes.prefix}-expired  expired N seconds ago\n`;
    assert.equal(
      await printed(false),
      `${line}Nothing was removed. Run \`openai-containers prune --yes\` to remove them.\n`,
    );
    assert.equal(await exists(expired), true);
    assert.equal(await printed(true), `removed  ${line}`);
    assert.deepEqual([await exists(expired), await exists(running)], [false, true]);
  });

  it("fails in one line with a code where there is no Docker engine", async () => {
    const before = process.env["DOCKER_HOST"];
    process.env["DOCKER_HOST"] = "unix:///tmp/openai-containers-test-none.sock";
    try {
      const [exitCode, out, err] = await runMain(["prune"]);
      assert.deepEqual([exitCode, out], [1, ""]);
      assert.match(err, /^OC\d{4}: .*unix:\/\/\/tmp\/openai-containers-test-none\.sock.*\n$/);
    } finally {
      if (before === undefined) delete process.env["DOCKER_HOST"];
      else process.env["DOCKER_HOST"] = before;
    }
  });

  it("leaves little to remove: an expired sandbox has removed its files, except those of root", async () => {
    const { client } = sandboxes.host;
    const id = await sandboxes.create();
    await client.getContainer(id).putArchive(await archiveOf([["root/file", "x"]]), { path: dataFolder });
    await inside(client, id, "mkdir -p kept/deep; echo x > kept/deep/file; chmod -R a-w kept; echo x > .hidden");
    await stopped(client, id);
    assert.deepEqual((await filesOf(client, id)).sort(), ["data", "data/root", "data/root/file"]);
  });
});
