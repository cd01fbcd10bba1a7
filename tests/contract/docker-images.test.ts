import assert from "node:assert/strict";
import type { Report } from "../../provider/backends/backend";
import type { Engine } from "../../provider/backends/docker/engine/engine";
import { ensureImage } from "../../provider/backends/docker/images/ensure";
import { engine, image } from "../support/docker";
import { engineColumn } from "../support/engine-column";
import { assertMatchesEntry } from "../support/matches-entry";
import { type Registry, startRegistry } from "../support/registry";
import { silent } from "../support/silent";
import { engineRows } from "./engines";

describe("ensureImage", () => {
  let host: Engine;
  let registry: Registry | undefined;
  let messages: string[];
  const report: Report = {
    ...silent,
    progress: (text) => void messages.push(text),
    warning: (code, text) => void messages.push(`${code}: ${text}`),
  };
  before(async () => {
    host = await engine();
  });
  beforeEach(() => {
    messages = [];
  });
  afterEach(async () => {
    if (registry) await removeImages(host, registry);
    registry?.stop();
    registry = undefined;
  });

  async function failure(reference: string, timeouts?: Parameters<typeof ensureImage>[3]): Promise<string> {
    return ensureImage(host, reference, report, timeouts).then(
      () => assert.fail("did not fail"),
      (error: Error) => error.message,
    );
  }

  it("does not pull an image that the engine has", async () => {
    await ensureImage(host, image, report);
    assert.deepEqual(messages, []);
  });

  it("pulls a missing image once for concurrent callers, with progress, and only its latest tag", async () => {
    registry = await startRegistry({ layers: "slowly" });
    const { image: missing } = registry;
    await Promise.all([ensureImage(host, missing, report), ensureImage(host, missing, report)]);
    assert.deepEqual((await host.client.getImage(missing).inspect()).RepoTags, [`${missing}:latest`]);
    assert.equal(registry.pulls(), 1);
    const percents = messages.flatMap((text) => / (\d+) %$/.exec(text)?.[1] ?? []).map(Number);
    const isPartial = percents.some((percent) => percent > 0 && percent < 100);
    assert.equal(isPartial, engineRows.progress[await engineColumn(host.client)] === "yes", messages.join("\n"));
    assert.deepEqual(
      percents,
      percents.toSorted((a, b) => a - b),
    );
    assert.ok(messages.includes(`waiting for the image ${missing}`));
  });

  it("pulls an image by its digest, alone and after a tag", async () => {
    registry = await startRegistry({ isListed: true });
    const pinned = `${registry.image}@${registry.digest}`;
    await ensureImage(host, pinned, report);
    const { RepoDigests } = await host.client.getImage(pinned).inspect();
    assert.ok(RepoDigests.includes(pinned), RepoDigests.join(", ")); // on Podman also that of the list's image
    messages = [];
    await ensureImage(host, `${registry.image}:latest@${registry.digest}`, report);
    assert.deepEqual(messages, [], "the engine has it");
  });

  it("reports a tag and a digest that the registry does not have", async () => {
    registry = await startRegistry();
    for (const end of [":v2", `@sha256:${"0".repeat(64)}`]) {
      const message = await failure(`${registry.image}${end}`);
      assertMatchesEntry(message, "OC2604");
      assert.ok(message.includes(`The registry ${registry.host} does not have "${registry.image}${end}": `), message);
    }
  });

  it("reports what the registry says where it limits pulls", async function () {
    if ((await engineColumn(host.client)) === "podman") this.skip(); // it tries again by itself, for minutes
    const message = "You have reached your pull rate limit, retry after 2400 seconds";
    registry = await startRegistry({ refusal: { status: 429, code: "TOOMANYREQUESTS", message } });
    const text = await failure(registry.image);
    assertMatchesEntry(text, "OC2603");
    assert.ok(text.includes(`${message}. Run the same command again later`), text);
  });

  it("reports a registry that denies the image", async () => {
    registry = await startRegistry({ refusal: { status: 403, code: "DENIED", message: "no" } });
    assertMatchesEntry(await failure(registry.image), "OC2601");
  });

  it("reports an image of which the registry has none for the engine's processor", async () => {
    registry = await startRegistry({ isListed: true, architecture: "s390x" });
    const message = await failure(registry.image);
    assertMatchesEntry(message, "OC2605");
    assert.ok(message.includes(`(${host.architecture})`), message);
  });

  it("warns of an image for another processor, also where the engine has it", async () => {
    registry = await startRegistry({ architecture: "s390x" });
    for (const pulls of [1, 1]) {
      messages = [];
      await ensureImage(host, registry.image, report);
      assert.equal(registry.pulls(), pulls);
      const warnings = messages.filter((text) => text.startsWith("OC"));
      assert.equal(warnings.length, 1);
      assertMatchesEntry(warnings[0] ?? "", "OC2612");
    }
  });

  it("reports a registry that cannot be reached", async () => {
    const { image: gone, host: address, stop } = await startRegistry();
    stop();
    const message = await failure(gone);
    assertMatchesEntry(message, "OC2606");
    assert.ok(message.includes(`cannot reach the registry ${address}, so it cannot pull "${gone}": `), message);
  });

  it("gives up a pull whose registry stops in the middle", async () => {
    registry = await startRegistry({ layers: "stalling" });
    const message = await failure(registry.image, { stall: 1_000, helper: 1_000 });
    assertMatchesEntry(message, "OC2608");
    assert.match(message, / stalled: no data in 1 s\. /);
    const hasProgress = messages.some((text) => / [1-9]\d? %$/.test(text));
    assert.equal(hasProgress, engineRows.progress[await engineColumn(host.client)] === "yes", "whether it had begun");
  });

  it("reports an id that the engine does not have, and asks no registry", async () => {
    const isPodman = (await engineColumn(host.client)) === "podman";
    const short = isPodman ? [] : ["sha256:000000000000"]; // which Podman does not take
    for (const id of [`sha256:${"0".repeat(64)}`, ...short]) {
      const message = await failure(id);
      assertMatchesEntry(message, "OC2609");
      assert.deepEqual(messages, []);
    }
  });
});

/** Removes the images of a registry from an engine. */
async function removeImages({ client }: Engine, registry: Registry): Promise<void> {
  const listed = await client.listImages({ filters: { reference: [registry.image] } });
  for (const { Id } of listed) await client.getImage(Id).remove({ force: true });
}
