import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { minVersion, satisfies } from "semver";
import { z } from "zod";

const checkout = join(__dirname, "../..");
const manifest = z.object({
  name: z.string(),
  // Old packages have a list of texts here, which npm ignores.
  engines: z.object({ node: z.string().optional() }).optional().catch(undefined),
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
  peerDependencies: z.record(z.string(), z.string()).default({}),
});
type Manifest = z.output<typeof manifest>;

const own = manifestIn(checkout);
const lowest = minVersion(own.engines?.node ?? "")?.version ?? "";

describe("the Node version in package.json", () => {
  it("is accepted by every production dependency", () => {
    const found = [...production(checkout).values()];
    assert.ok(found.length > 100, `only ${found.length} packages were found`);
    const refusing = found.filter(({ engines }) => engines?.node && !satisfies(lowest, engines.node));
    assert.deepEqual(
      refusing.map(({ name, engines }) => `${name}: ${engines?.node}`),
      [],
    );
  });

  it("is downloaded only for scripts that run on an older version", async () => {
    const { nodeToFetch } = await import("../../scripts/set-up/node.mjs");
    for (const version of ["20.20.2", "22.12.0"]) assert.match(nodeToFetch(version, {}) ?? "", /^22\.\d+\.\d+$/);
    for (const version of [lowest, "22.23.2", "24.0.0", "26.10.0"]) assert.equal(nodeToFetch(version, {}), undefined);
    assert.ok(satisfies(nodeToFetch("20.20.2", {}) ?? "", own.engines?.node ?? ""));
  });

  it("can be overridden for a script and its child processes, and the exit code is kept", () => {
    const other = process.versions.node === lowest ? "22.23.2" : lowest;
    const main = pathToFileURL(join(checkout, "scripts/quickstart.mjs")).href;
    const script = `
      import { execFileSync } from "node:child_process";
      import { main } from ${JSON.stringify(main)};
      await main(async () => {
        console.log("ran on", process.version, "starts", String(execFileSync("node", ["--version"])).trim());
        process.exitCode = 7;
      });`;
    const folder = mkdtempSync(join(tmpdir(), "openai-containers-node-"));
    const file = join(folder, "script.mjs");
    writeFileSync(file, script);
    const env = { ...process.env, OPENAI_CONTAINERS_TEST_NODE: other };
    const ran = spawnSync(process.execPath, [file], { env, encoding: "utf8" });
    rmSync(folder, { recursive: true });
    assert.match(ran.stdout, new RegExp(`ran on v${other} starts v${other}`), ran.stderr);
    assert.equal(ran.status, 7);
  });
});

/** The packages that are installed with the one in this folder, itself included, by their folders. */
function production(folder: string, found = new Map<string, Manifest>()): Map<string, Manifest> {
  if (found.has(folder)) return found;
  const read = manifestIn(folder);
  found.set(folder, read);
  const { dependencies, optionalDependencies, peerDependencies } = read;
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
    const dependency = folderOf(name, folder);
    // A peer or an optional one may be missing.
    if (dependency) production(dependency, found);
    else assert.ok(!(name in dependencies), `${name}, which ${read.name} needs, is not installed`);
  }
  return found;
}

function manifestIn(folder: string): Manifest {
  return manifest.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
}

function folderOf(name: string, from: string): string | undefined {
  try {
    return realpathSync(join(from, "node_modules", name));
  } catch {
    return from === dirname(from) ? undefined : folderOf(name, dirname(from));
  }
}
