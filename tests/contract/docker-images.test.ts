import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { Engine } from "../../provider/backends/docker/engine/engine";
import { ensureImage } from "../../provider/backends/docker/engine/images";
import { engine, image } from "../support/docker";
import { engineColumn } from "../support/engine-column";
import { slowRegistry } from "../support/registry";
import { silent } from "../support/silent";
import { engineRows } from "./engines";

describe("ensureImage", () => {
  let host: Engine;
  before(async () => {
    host = await engine();
  });

  it("does not pull an image that the engine has", async () => {
    const messages: string[] = [];
    const add = (text: string) => messages.push(text);
    await ensureImage(host, image, { ...silent, progress: add, warning: add });
    assert.deepEqual(messages, []);
  });

  it("pulls a missing image once for concurrent callers, with progress, and only its latest tag", async () => {
    const registry = await slowRegistry(`t${randomBytes(4).toString("hex")}`);
    const messages: string[] = [];
    const report = { ...silent, progress: (text: string) => messages.push(text), warning: assert.fail };
    try {
      await Promise.all([ensureImage(host, registry.image, report), ensureImage(host, registry.image, report)]);
      const { RepoTags } = await host.client.getImage(registry.image).inspect();
      assert.deepEqual(RepoTags, [`${registry.image}:latest`]);
      assert.equal(registry.pulls(), 1);
      const percents = messages
        .map((text) => Number(/ (\d+) %$/.exec(text)?.[1] ?? Number.NaN))
        .filter((percent) => percent >= 0);
      const isPartial = percents.some((percent) => percent > 0 && percent < 100);
      assert.equal(isPartial, engineRows.progress[await engineColumn(host.client)] === "yes", messages.join("\n"));
      assert.deepEqual(
        percents,
        [...percents].sort((a, b) => a - b),
      );
      assert.ok(messages.includes(`waiting for the image ${registry.image}`));
    } finally {
      registry.stop();
      await host.client.getImage(registry.image).remove();
    }
  });
});
