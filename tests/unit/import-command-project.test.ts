import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { usesImport } from "../../sdk/cli/import/modules";
import { programInProject } from "../../sdk/cli/import/project";

describe("the project of the import command", () => {
  const before = process.cwd();
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "openai-containers-project-")));
    process.chdir(folder);
  });
  afterEach(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });
  const write = (files: Record<string, string>) => {
    for (const [name, text] of Object.entries({ "Pulumi.yaml": "name: p\nruntime: nodejs\n", ...files })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(name, text);
    }
  };

  const loading: [what: string, files: Record<string, string>, program: string][] = [
    ["index.ts imports it", { "index.ts": 'import "./sandboxes";\n' }, "sandboxes.ts"],
    ["index.js requires it", { "index.js": 'require("./sandboxes.js");\n' }, "sandboxes.js"],
    [
      "another file does, that the entry imports",
      { "index.ts": 'import { a } from "./lib/a.js";\n', "lib/a.ts": 'export * from "../sandboxes";\n' },
      "sandboxes.ts",
    ],
    [
      "the entry is in another folder",
      { "Pulumi.yaml": 'name: p\nmain: "src/" # here\n', "src/index.ts": 'import "./sandboxes";\n' },
      "src/sandboxes.ts",
    ],
    [
      "package.json names the entry",
      { "package.json": '{"main":"main.ts"}', "main.ts": "export * as x from './sandboxes';\n" },
      "sandboxes.ts",
    ],
    [
      "files import one another",
      { "index.ts": 'import "./a";\nimport "./sandboxes";', "a.ts": 'import "./index";' },
      "sandboxes.ts",
    ],
  ];
  for (const [what, files, program] of loading) {
    it(`loads the generated program where ${what}`, () => {
      write(files);
      assert.equal(programInProject(undefined).file, program);
    });
  }

  const missing: [what: string, files: Record<string, string>, line: string][] = [
    [
      "TypeScript",
      { "index.ts": '// import "./sandboxes";\n' },
      'index.ts, and run this command again: import "./sandboxes";',
    ],
    ["JavaScript", { "index.js": "" }, 'require("./sandboxes");'],
    ["ES modules", { "index.ts": "", "package.json": '{"type":"module"}' }, 'import "./sandboxes.js";'],
  ];
  for (const [what, files, line] of missing) {
    it(`is refused with the line to add where the program does not load it: ${what}`, () => {
      write(files);
      assert.throws(
        () => programInProject(undefined),
        (error: Error) => error.message.startsWith("OC5212: ") && error.message.includes(line),
      );
    });
  }

  it("takes a file that the person named", () => {
    write({ "index.ts": 'import "./old";\n' });
    assert.equal(programInProject("old.ts").file, "old.ts");
    assert.throws(() => programInProject("new.ts"), /OC5212: index\.ts does not import new\.ts/);
  });

  it("has the other files that its entry loads, each once", () => {
    write({
      "index.ts": 'import "./sandboxes";\nimport "./lib/a";\n',
      "lib/a.ts": 'import "./b";\nimport "../index";\n',
      "lib/b.ts": "",
      "sandboxes.ts": 'import "./lib/b";\n',
    });
    assert.deepEqual(
      programInProject(undefined).others,
      ["index.ts", "lib/a.ts", "lib/b.ts"].map((name) => join(folder, name)),
    );
  });

  it("is refused where the folder is no project, or has no program", () => {
    assert.throws(() => programInProject(undefined), /^Error: OC5210: There is no Pulumi\.yaml in /);
    write({ "__main__.py": "" });
    assert.throws(() => programInProject(undefined), /^Error: OC5211: There is no Node\.js program/);
  });

  it("has imports in TypeScript and ES modules, and require elsewhere", () => {
    write({ "package.json": '{"type":"module"}', "old/package.json": "{}" });
    assert.deepEqual(["a.ts", "a.js", "old/a.js", "old/a.mjs"].map(usesImport), [true, true, false, true]);
  });
});
