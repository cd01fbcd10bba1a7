import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { archiveOf } from "../../provider/backends/docker/engine/archive";

describe("archiveOf", () => {
  it("packs what GNU tar lists: owners, modes, sizes, folders and FIFOs", async () => {
    const archive = await archiveOf(
      [
        ["gateway/main.js", "héllo"],
        ["empty", Buffer.alloc(0)],
      ],
      [
        { name: "gateway", type: "directory", mode: 0o755, uid: 65_534, gid: 65_534 },
        { name: "lifeline", type: "fifo", mode: 0o666 },
      ],
    );
    const listed = execFileSync("tar", ["--list", "--verbose", "--numeric-owner"], {
      input: archive,
      encoding: "utf8",
    });
    assert.deepEqual(
      listed
        .trim()
        .split("\n")
        .map((line) => line.replace(/\S+ \S+(?= \S+$)/, "").split(/\s+/)),
      [
        ["drwxr-xr-x", "65534/65534", "0", "gateway"],
        ["prw-rw-rw-", "0/0", "0", "lifeline"],
        ["-r--r--r--", "0/0", "6", "gateway/main.js"],
        ["-r--r--r--", "0/0", "0", "empty"],
      ],
    );
  });

  it("keeps each byte of a file of any length", async () => {
    const folder = mkdtempSync(join(tmpdir(), "archive-"));
    try {
      const contents = [0, 1, 511, 512, 513, 70_000].map((size) =>
        Buffer.from(Array.from({ length: size }, (_, at) => at % 251)),
      );
      execFileSync("tar", ["--extract", "--directory", folder], {
        input: await archiveOf(contents.map((content) => [`${content.length}`, content])),
      });
      for (const content of contents) assert.deepEqual(readFileSync(join(folder, `${content.length}`)), content);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
