import assert from "node:assert/strict";
import { posix } from "node:path";
import { unpackTar } from "modern-tar";
import { program } from "../../provider/backends/docker/allowlist/gateway/program";

describe("the gateway's program as it is packed", () => {
  it("holds every file that its entries load, and folders that the gateway's user can enter", async () => {
    const { files, folders } = await unpacked();
    assert.deepEqual(missing(files), []);
    for (const path of files.keys()) assert.ok(posix.dirname(path) === "." || folders.has(posix.dirname(path)), path);
  });

  it("is found incomplete by this test when one file is left out, whichever it is", async () => {
    const { files } = await unpacked();
    assert.ok(files.size > 50, "all rooms of the gateway are packed");
    for (const path of files.keys()) {
      if (isTypesOnly(files, path)) continue;
      assert.deepEqual(missing(new Map([...files].filter(([name]) => name !== path))), [path]);
    }
  });
});

const entries = ["launch.js", "main.js", "listeners.js"];

/** What the entries load, directly or not, and is not there. */
function missing(files: ReadonlyMap<string, string>): string[] {
  const reached = reachedFrom(files);
  return [...reached].filter((path) => !files.has(path)).sort();
}

function reachedFrom(files: ReadonlyMap<string, string>): Set<string> {
  const reached = new Set(entries);
  for (const path of reached) {
    for (const [, required = ""] of files.get(path)?.matchAll(/require\("(\.[^"]+)"\)/g) ?? [])
      reached.add(`${posix.join(posix.dirname(path), required)}.js`);
  }
  return reached;
}

/** A file of types alone is compiled to nothing that anybody loads. */
function isTypesOnly(files: ReadonlyMap<string, string>, path: string): boolean {
  return !reachedFrom(files).has(path);
}

async function unpacked(): Promise<{ files: Map<string, string>; folders: Set<string> }> {
  const files = new Map<string, string>();
  const folders = new Set<string>();
  for (const { header, data } of await unpackTar(await program())) {
    const { name, type, mode = 0 } = header;
    if (type === "file") files.set(name, Buffer.from(data ?? "").toString());
    else if ((mode & 0o555) === 0o555) folders.add(name.replace(/\/$/, ""));
  }
  return { files, folders };
}
