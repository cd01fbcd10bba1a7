import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engine, image } from "../support/docker";
import { RawContainers } from "../support/raw-containers";
import { runMain } from "../support/run-main";

describe("openai-containers import of containers on a Docker engine", function () {
  this.timeout(120_000);
  const prefix = `t${randomBytes(4).toString("hex")}`;
  let raw: RawContainers;
  let folder: string;
  before(async () => {
    raw = new RawContainers((await engine()).client, prefix);
    folder = mkdtempSync(join(tmpdir(), "openai-containers-import-"));
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await raw.removeAll();
  });

  const command = (...args: string[]) => runMain(["import", "--backend", "docker", ...args]);

  it("writes the program of one that docker run created, and warns of what it lacks", async () => {
    const id = await raw.run("box");
    const program = join(folder, "sandboxes.ts");
    const [exitCode, out, err] = await command("--id", `${prefix}-box`, "--program", program);
    assert.deepEqual([exitCode, out], [0, `1 container in ${program}\n`]);
    assert.match(err, new RegExp(`^OC5219: Container ${prefix}-box is imported as it is, without .*idle expiry`));
    assert.match(
      readFileSync(program, "utf8"),
      new RegExp(`// Imported from ${id}
export const ${prefix}Box = new Container\\(
  "${prefix}-box",
  {
    name: "${prefix}-box",
    backend: "docker",
    memoryLimit: "1g",
    docker: { image: "${image}" },
    // Not reported by the Docker engine: expiresAfter, fileIds, skills
  },
  { protect: true },
\\);
`),
    );
  });

  it("refuses two ids of one container with OC5203", async () => {
    const id = await raw.run("twice");
    const [exitCode, , err] = await command("--id", id, "--id", `${prefix}-twice`);
    assert.deepEqual([exitCode, err.slice(0, 8)], [2, "OC5203: "]);
  });

  it("skips those that cannot be imported, with all reasons", async () => {
    const id = await raw.run("open", {
      HostConfig: { Memory: 2 ** 29, NetworkMode: "bridge", Binds: ["/tmp:/host:ro"] },
    });
    const [exitCode, out, err] = await command("--name", `${prefix}-open`, "--json");
    assert.equal(exitCode, 0, err);
    const { selected, skipped } = JSON.parse(out);
    assert.deepEqual([selected, skipped.length], [[], 1]);
    assert.deepEqual([skipped[0].id, skipped[0].name], [id, `${prefix}-open`]);
    assert.match(skipped[0].reason, /memory.*; .*(bridge|podman).*; .*\/tmp of its host at \/host/);
  });
});
