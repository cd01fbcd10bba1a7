import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Edit, memory, timezone } from "../support/additions/edits";

const root = join(__dirname, "../..");
const copied = [
  "sdk",
  "provider",
  "scripts/container-tables.mjs",
  "docs/container.md",
  "package.json",
  "tsconfig.json",
  "tests/unit/container-args.test.ts",
  ...["additions", "memory", "journal.ts", "same.ts", "silent.ts"].map((name) => `tests/support/${name}`),
];

/** The files that a section of CONTRIBUTING.md lists, in the order of its steps. */
function listedIn(section: string): string[] {
  const page = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
  const [, text = ""] = page.split(`## ${section}\n`);
  return [...(text.split("\n## ")[0] ?? "").matchAll(/^\d\. `([^`]+)`/gm)].map(([, file = ""]) => file);
}

describe("an added example field and example backend", () => {
  const copy = mkdtempSync(join(tmpdir(), "openai-containers-additions-"));
  after(() => rmSync(copy, { recursive: true }));

  function apply(edits: Readonly<Record<string, readonly Edit[]>>): void {
    for (const [name, steps] of Object.entries(edits)) {
      const file = join(copy, name);
      const text = steps.reduce(
        (before, [match, replacement]) => {
          assert.match(before, match, `${name} has no line for ${match}`);
          return before.replace(match, replacement);
        },
        readFileSync(file, "utf8"),
      );
      writeFileSync(file, text);
    }
  }

  function run(...args: string[]): void {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8" });
    assert.equal(status, 0, stdout + stderr);
  }

  before(() => {
    for (const name of copied)
      cpSync(join(root, name), join(copy, name), {
        recursive: true,
        mode: 0,
        filter: (file) => !file.endsWith(".log"),
      });
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    cpSync(join(copy, "tests/support/memory"), join(copy, "provider/backends/memory"), { recursive: true });
    apply(timezone);
    apply(memory);
  });

  it("change the files that CONTRIBUTING.md lists, at most six", () => {
    const listed = listedIn("How to add a field");
    assert.deepEqual(listed.toSorted(), Object.keys(timezone).toSorted());
    assert.ok(listed.length <= 6);
    const folder = dirname("provider/backends/memory/kind.ts").replace("memory", "NAME");
    assert.deepEqual(listedIn("How to add a backend").toSorted(), [`${folder}/`, ...Object.keys(memory)].toSorted());
  });

  it("compile, with the types of the SDK equal to the definition", () => {
    run(join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.json");
  });

  it("work in check, diff, state, requests, reads and the documentation", () => {
    run("-r", "ts-node/register/transpile-only", "tests/support/additions/field-program.ts");
  });
});
