import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { copy, link, newFolder } from "../support/packages";

/** The packages and the provider, as far as a process has loaded them. */
const loaded = `JSON.stringify([...new Set(Object.keys(require.cache).flatMap((path) =>
  /node_modules\\/(@pulumi\\/docker|zod|dockerode)\\/|dist\\/(provider)\\//.exec(path)?.slice(1).filter(Boolean) ?? []))])`;

function run(program: string, cwd = join(__dirname, "../..")): { out: string; err: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["-e", program], { cwd, encoding: "utf8" });
  return { out: stdout.trim(), err: stderr, status };
}

describe("the package @pulumi/docker", () => {
  it("is not loaded by a program that does not import the subpath /docker", () => {
    const { out, err } = run(`require("pulumi-openai-containers"); console.log(${loaded});`);
    assert.deepEqual([out, err], ["[]", ""]);
  });

  it("is loaded by the subpath /docker, without the provider", () => {
    const { out, err } = run(`require("pulumi-openai-containers/docker"); console.log(${loaded});`);
    assert.deepEqual([out, err], ['["@pulumi/docker"]', ""]);
  });

  it("is asked for in words where it is not installed", () => {
    const folder = newFolder();
    try {
      copy(folder, "pulumi-openai-containers", ["@pulumi/docker"]);
      link(folder, "@pulumi/pulumi");
      const { err, status } = run(
        `require("pulumi-openai-containers"); require("pulumi-openai-containers/docker");`,
        folder,
      );
      assert.equal(status, 1);
      assert.match(
        err,
        /OC4103: pulumi-openai-containers\/docker needs the package @pulumi\/docker, which cannot be found\. Run/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
