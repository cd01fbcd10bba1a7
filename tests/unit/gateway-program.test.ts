import assert from "node:assert/strict";
import { posix } from "node:path";
import { unpackTar } from "modern-tar";
import { gatewayProgram } from "../../provider/backends/docker/allowlist/gateway/gateway-program";

describe("gatewayProgram", () => {
  it("packs every file that its entry points load, in folders that the gateway's user can enter", async () => {
    const { files, folders } = await unpacked();
    assert.deepEqual(missing(files), []);
    for (const path of files.keys()) assert.ok(posix.dirname(path) === "." || folders.has(posix.dirname(path)), path);
  });

  it("cannot omit any file, or its entry points would not load", async () => {
    const { files } = await unpacked();
    assert.ok(files.size > 50, "every folder of the gateway is packed");
    for (const path of files.keys()) {
      if (isTypesOnly(files, path)) continue;
      assert.deepEqual(missing(new Map([...files].filter(([name]) => name !== path))), [path]);
    }
  });
});

const entries = ["launch.js", "main.js", "listeners.js"];

/** The files that the entry points load, directly or not, and that are missing. */
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

/** A file of types alone is loaded by no other file once it is compiled. */
function isTypesOnly(files: ReadonlyMap<string, string>, path: string): boolean {
  return !reachedFrom(files).has(path);
}

async function unpacked(): Promise<{ files: Map<string, string>; folders: Set<string> }> {
  const files = new Map<string, string>();
  const folders = new Set<string>();
  for (const { header, data } of await unpackTar(await gatewayProgram())) {
    const { name, type, mode = 0 } = header;
    if (type === "file") files.set(name, Buffer.from(data ?? "").toString());
    else if ((mode & 0o555) === 0o555) folders.add(name.replace(/\/$/, ""));
  }
  return { files, folders };
}
