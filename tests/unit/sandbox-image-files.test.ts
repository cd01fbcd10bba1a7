import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { SandboxImage } from "../../sdk/docker";
import { buildFolder } from "../../sdk/docker/build-folder";
import { filesUnder } from "../../sdk/docker/source-files";

describe("build.files of a SandboxImage", () => {
  const started = process.cwd();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "openai-containers-files-"));
    process.chdir(folder);
    write("tools/run.sh");
    write("key");
  });
  afterEach(() => {
    process.chdir(started);
    rmSync(folder, { recursive: true });
  });

  function write(file: string): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, "text");
  }
  const pathsOf = (source: string) => filesUnder(source, "files/0").map(({ path }) => path);
  const create = (source: string) => () =>
    new SandboxImage("tools", { build: { base: "debian:12", files: { "/opt/tools": source } } });

  const links: [what: string, target: string][] = [
    ["that leads out of the folder", "../key"],
    ["to a file in the folder", "run.sh"],
    ["to nothing", "no-such-file"],
    ["to itself", "link"],
    ["to its own folder", "."],
  ];
  for (const [what, target] of links) {
    it(`refuses a symbolic link ${what}, and names it`, () => {
      symlinkSync(target, "tools/link");
      assert.throws(
        create("./tools"),
        /OC4110: SandboxImage tools: cannot copy \.\/tools \(build\.files\["\/opt\/tools"\]\): "tools\/link" is a symbolic link\. Replace/,
      );
    });
  }

  it("follows a link that the program itself names", () => {
    symlinkSync("tools", "linked");
    assert.deepEqual(pathsOf("linked"), ["files/0/run.sh"]);
  });

  it("refuses a FIFO and a device instead of reading them without end", () => {
    execFileSync("mkfifo", ["tools/pipe"]);
    assert.throws(create("tools"), /OC4110: .*: "tools\/pipe" is neither a file nor a folder\. /);
    assert.throws(create("tools/pipe"), /OC4110: .*: "tools\/pipe" is neither a file nor a folder\. /);
    assert.throws(create("/dev/zero"), /OC4110: .*: "\/dev\/zero" is neither a file nor a folder\. /);
    execFileSync("mkfifo", ["tools/run.sh.dockerignore"]);
    for (const dockerfile of ["tools/pipe", "tools/run.sh"]) {
      assert.throws(
        () => new SandboxImage("own", { dockerfile }),
        /OC4106: SandboxImage own: cannot read .*\/(pipe|run\.sh\.dockerignore) \(dockerfile\): it is not a file\. Correct the path/,
      );
    }
  });

  it("refuses a folder without files, which a build could not copy", () => {
    mkdirSync("empty/below", { recursive: true });
    assert.throws(create("empty"), /OC4110: .*: "empty" is a folder without files\. /);
  });

  it("leave out the program's packages, where builds are cached, and so are the same again", () => {
    write("node_modules/a/index.js");
    write("tools/node_modules/b/index.js");
    write("tools/node_modules/.cache/c");
    write(".git/config");
    write("tools/.git");
    const first = pathsOf(".");
    assert.deepEqual(first, ["files/0/key", "files/0/tools/node_modules/b/index.js", "files/0/tools/run.sh"]);
    buildFolder(filesUnder(".", "files/0"));
    assert.deepEqual(pathsOf("."), first);
    assert.deepEqual(pathsOf("node_modules"), ["files/0/a/index.js"]);
  });
});
