import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { connectScript } from "../support/connect-script";
import { startResponses } from "../support/engine-responses";

const first = "/var/run/docker.sock";

describe("the usual sockets of Docker engines", () => {
  it("are tried in order until one responds", async function () {
    if (process.getuid?.() !== 0 || !existsSync(first)) this.skip(); // only root can hide the machine's own engine
    const folder = mkdtempSync(join(tmpdir(), "openai-containers-test-"));
    const next = join(folder, "docker.sock");
    const server = await startResponses(next);
    try {
      writeFileSync(join(folder, "file"), "");
      const hideFirst = `mount --bind ${folder}/file ${first} && exec "$@"`;
      const env = { DOCKER_CONFIG: folder, XDG_RUNTIME_DIR: folder };
      const script = connectScript(env, ".then(({ address }) => console.log(address))");
      const args = ["--mount", "sh", "-c", hideFirst, "sh", process.execPath, "-e", script];
      const { stdout } = await promisify(execFile)("unshare", args);
      assert.equal(stdout, `unix://${next}\n`);
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});
