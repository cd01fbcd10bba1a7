import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { copyContent } from "../../provider/backends/docker/content/copy-content";
import { noContent } from "../../provider/backends/docker/content/sandbox-content";
import { containerSpec } from "../../provider/backends/docker/sandbox/container-spec";
import { idleTimeOf } from "../../provider/backends/docker/sandbox/idle-time";
import { start } from "../../provider/backends/docker/sandbox/start";
import { image, sandboxArgs } from "../support/docker";
import { imageOf } from "../support/images";
import { ScaledSandboxes } from "../support/scaled-sandboxes";
import { silent } from "../support/silent";

const minute = 6; // seconds; its watchdog polls each second then
const busybox = spawnSync("sh", ["-c", "command -v busybox"], { encoding: "utf8" }).stdout.trim();
// One that needs libraries would not run in an image of its own.
const isStatic = busybox !== "" && spawnSync("ldd", [busybox]).status !== 0;

/** The image's `sh` runs the watchdog: dash in Debian, as in all other tests, busybox in Alpine, bash elsewhere. */
describe("the watchdog in other shells", () => {
  let sandboxes: ScaledSandboxes;
  before(async () => {
    sandboxes = await ScaledSandboxes.open(minute);
  });
  after(() => sandboxes.end());

  async function assertKeepsTime(id: string): Promise<void> {
    const container = sandboxes.host.client.getContainer(id);
    const work = sandboxes.sh(id, `sleep ${minute + 2}`);
    let report = await idleTimeOf(container, 10_000);
    while (report?.isUnused) report = await idleTimeOf(container, 10_000);
    assert.ok(report && report.seconds <= 2, `idle for ${report?.seconds} s, in use as it is`);
    await work;
    assert.equal(await sandboxes.statusOf(id), "running");
    const used = Date.now();
    for (let call = 0; call < 5; call += 1)
      assert.ok(await idleTimeOf(container, 10_000), `call ${call} had no report`);
    const took = ((await sandboxes.ended(id)) - used) / 1000;
    assert.equal(await sandboxes.statusOf(id), "expired");
    assert.ok(took < 2 * minute, `ended after ${took} s`);
  }

  for (const flags of [[], ["--posix"]]) {
    it(`terminates its sandbox at its limit in bash${flags.join()}`, async () => {
      const { client } = sandboxes.host;
      const id = `cntr_${randomBytes(24).toString("hex")}`;
      const expiresAfter = { anchor: "last_active_at", minutes: 1 } as const;
      const spec = containerSpec(id, sandboxArgs(`${sandboxes.prefix}-bash`, { expiresAfter }), minute);
      const [, ...rest] = spec.Entrypoint ?? assert.fail();
      sandboxes.add(id);
      const sandbox = await client.createContainer({
        ...spec,
        Entrypoint: ["/bin/bash", ...flags, ...rest],
        Image: image,
      });
      await copyContent(sandbox, noContent, silent);
      await start(sandbox);
      await assertKeepsTime(id);
    });
  }

  (isStatic ? it : it.skip)("keeps its time in busybox (needs a static busybox on this machine)", async () => {
    const { client } = sandboxes.host;
    const tools = ["sh", "sleep", "rm", "true", "cat"];
    const name = `${sandboxes.prefix}-busybox`;
    await imageOf(
      client,
      name,
      { "bin/busybox": readFileSync(busybox) },
      tools.map((tool) => `bin/${tool}`),
    );
    try {
      await assertKeepsTime(await sandboxes.create(name));
    } finally {
      await sandboxes.end();
      await client.getImage(name).remove({ force: true });
    }
  });
});
