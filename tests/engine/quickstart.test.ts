import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { containersNamed, engine } from "../support/docker";

const checkout = join(__dirname, "../..");

describe("the quickstart", function () {
  this.timeout(300_000);
  // State of its own, so that a user's quickstart in this checkout is not affected.
  const state = mkdtempSync(join(tmpdir(), "openai-containers-state-"));
  const config = join(checkout, "Pulumi.test.yaml");

  function npm(script: string): string {
    const env = { ...process.env, XDG_STATE_HOME: state, PULUMI_STACK: "test" };
    const { status, stdout, stderr } = spawnSync("npm", ["run", script], { cwd: checkout, env, encoding: "utf8" });
    assert.equal(status, 0, stdout + stderr);
    return stdout;
  }

  after(() => {
    rmSync(state, { recursive: true, force: true });
    rmSync(config, { force: true });
  });

  it("creates a sandbox with a memory limit and no network, shows no change in a second run, and removes it", async () => {
    const { client } = await engine();
    const before = await containersNamed(client, "sandbox-");
    try {
      const first = npm("start");
      assert.match(first, /\+ 2 created/);
      assert.match(first, /memory limit as the kernel sees it: 1073741824 bytes \(1 GiB\)/);
      assert.match(first, /network interfaces: lo; routes: none/);
      const id = /container +(cntr_[0-9a-f]{48})/.exec(first)?.[1] ?? "";
      assert.deepEqual(await containersNamed(client, "sandbox-"), [id, ...before]);

      const second = npm("start");
      assert.match(second, /2 unchanged/);
      assert.ok(second.includes(id));
    } finally {
      npm("stop");
    }
    assert.deepEqual(await containersNamed(client, "sandbox-"), before);
  });

  it("keeps its passphrase and its state out of the repository", () => {
    const { stdout } = spawnSync("git", ["status", "--porcelain", "--untracked-files=all"], {
      cwd: checkout,
      encoding: "utf8",
    });
    assert.doesNotMatch(stdout, /Pulumi\.[^y]|passphrase|\.pulumi/);
  });
});

describe("each Pulumi.yaml in the repository", () => {
  /** Without `main`, Pulumi takes the package itself for the program: it succeeds with no resources, and deletes all. */
  it("names the file of its program", () => {
    const examples = readdirSync(join(checkout, "examples")).map((name) => `examples/${name}`);
    const projects = [".", ...examples.filter((folder) => existsSync(join(checkout, folder, "Pulumi.yaml")))];
    assert.ok(projects.length >= 5);
    for (const project of projects) {
      const main = /^main: (.+)$/m.exec(readFileSync(join(checkout, project, "Pulumi.yaml"), "utf8"))?.[1];
      assert.ok(main?.endsWith(".ts") && existsSync(join(checkout, project, main)), `${project}: main is ${main}`);
    }
  });
});
