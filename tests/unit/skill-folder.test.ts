import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, renameSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SkillError } from "../../provider/skills/skill-error";
import { readSkillFolder } from "../../provider/skills/skill-folder";
import { reportFiles, useSkillFolders, writeFiles } from "../support/skills/skill-folder";

function failure(folder: string): SkillError {
  try {
    readSkillFolder(folder);
  } catch (error) {
    assert.ok(error instanceof SkillError, String(error));
    assert.match(error.message, /^OC12\d\d: [^\p{Cc}]+[^.]$/u);
    return error;
  }
  assert.fail("it was accepted");
}

describe("the folder of a skill", () => {
  const folderOf = useSkillFolders();
  const pathsIn = (folder: string) => readSkillFolder(folder).files.map(({ path }) => path);
  const digestOf = (folder: string) => readSkillFolder(folder).sha256;
  const without = (text: string) => folderOf({ ...reportFiles, "SKILL.md": text });
  const named = (front: string) => without(`---\n${front}\n---\n`);

  it("is read with its name, its description and its files, in the order of their bytes", () => {
    const { name, description, files } = readSkillFolder(folderOf({ ...reportFiles, "Z.txt": "", "é.txt": "" }));
    assert.deepEqual([name, description], ["report", "Writes reports"]);
    assert.deepEqual(
      files.map(({ path, executable }) => (executable ? `${path}*` : path)),
      ["SKILL.md", "Z.txt", "data.csv", "scripts/run.sh*", "é.txt"],
    );
  });

  it("has a SHA-256 of its contents alone, the same for good", () => {
    const folder = folderOf(reportFiles);
    const digest = digestOf(folder);
    assert.equal(digest, "918cdf121cabff5298840ca85990f8f6c0353594c7ed56c092910bb3d31e4dc7");
    chmodSync(join(folder, "scripts/run.sh"), 0o644);
    mkdirSync(join(folder, "empty"));
    renameSync(folder, `${folder}-moved`);
    assert.equal(digestOf(`${folder}-moved`), digest);
  });

  const changes: [what: string, change: (folder: string) => void][] = [
    ["a byte changes", (folder) => writeFiles(folder, { "data.csv": "1,3\n" })],
    ["a file is added", (folder) => writeFiles(folder, { empty: "" })],
    ["a file is renamed", (folder) => renameSync(join(folder, "data.csv"), join(folder, "date.csv"))],
    [
      "bytes move to the next file",
      (folder) => writeFiles(folder, { "data.csv": "1,2", "scripts/run.sh": "\n#!/bin/sh\necho report\n" }),
    ],
  ];
  for (const [what, change] of changes)
    it(`has another SHA-256 where ${what}`, () => {
      const folder = folderOf(reportFiles);
      const before = digestOf(folder);
      change(folder);
      assert.notEqual(digestOf(folder), before);
    });

  it("has the paths of macOS's decomposed names in the form of other systems", () => {
    const digests = ["e\u0301.txt", "\u00e9.txt"].map((name) => digestOf(folderOf({ ...reportFiles, [name]: "text" })));
    assert.equal(digests[0], digests[1]);
  });

  it("may have its SKILL.md in any letter case, with a byte order mark, CRLF and more fields", () => {
    const text = "\uFEFF---\r\nname: pdf-2-text\r\ndescription: >\r\n  Reads\r\n  PDFs\r\nlicense: MIT\r\n--- \r\ntext";
    const { name, description } = readSkillFolder(folderOf({ "skill.MD": text }));
    assert.deepEqual([name, description], ["pdf-2-text", "Reads PDFs"]);
  });

  it("may be a link itself", () => {
    const folder = folderOf(reportFiles);
    symlinkSync(folder, `${folder}-link`);
    assert.equal(digestOf(`${folder}-link`), digestOf(folder));
  });

  const unused = {
    ".git/config": "",
    ".DS_Store": "",
    "lib/.DS_Store": "",
    "lib/__pycache__/a.pyc": "",
    "a.pyc": "",
    "node_modules/a/index.js": "",
  };

  it("is read without what no skill needs", () => {
    assert.deepEqual(pathsIn(folderOf({ ...reportFiles, ...unused })), Object.keys(reportFiles).sort());
  });

  it("is read without what .skillignore leaves out, as git reads such a file", () => {
    const files = {
      ...reportFiles,
      "tests/a": "",
      "b.log": "",
      "keep.log": "",
      "docs/tests": "",
      "docs/b.log": "",
      B: "",
      b: "",
    };
    const patterns = "# comment\n/tests/\n*.log\n!keep.log\r\nb\n!node_modules/\n";
    const folder = folderOf({ ...files, ...unused, ".skillignore": patterns, ".gitignore": "*.csv" });
    const kept = ["B", "SKILL.md", "data.csv", "docs/tests", "keep.log", "node_modules/a/index.js", "scripts/run.sh"];
    assert.deepEqual(pathsIn(folder), kept);
    writeFileSync(join(folder, ".gitignore"), `${patterns}.*\n__pycache__\n*.pyc\n`);
    execFileSync("git", ["init", "-q", "."], { cwd: folder });
    const listed = execFileSync("git", ["-c", "core.ignoreCase=false", "ls-files", "-o", "--exclude-standard"], {
      cwd: folder,
      encoding: "utf8",
    });
    assert.deepEqual(listed.trim().split("\n").sort(), kept);
  });

  it("is read without what .gitignore leaves out, where there is no .skillignore", () => {
    assert.deepEqual(pathsIn(folderOf({ ...reportFiles, ".gitignore": "*.csv\n" })), ["SKILL.md", "scripts/run.sh"]);
  });

  const long = "x".repeat(65);
  const refused: [what: string, folder: () => string, code: string, ...parts: string[]][] = [
    ["that does not exist", () => join(folderOf({}), "none"), "OC1201", "none", "ENOENT"],
    ["that is a file", () => join(folderOf(reportFiles), "SKILL.md"), "OC1201", "is not a folder"],
    ["that is empty", () => folderOf({}), "OC1203", "no SKILL.md"],
    ["without SKILL.md", () => folderOf({ "README.md": "" }), "OC1203", "no SKILL.md"],
    ["whose SKILL.md is ignored", () => folderOf({ ...reportFiles, ".gitignore": "*.md" }), "OC1203", "no SKILL.md"],
    [
      "with SKILL.md and skill.md",
      () => folderOf({ ...reportFiles, "skill.md": "" }),
      "OC1206",
      '"SKILL.md" and "skill.md"',
    ],
    ["with another SKILL.md below", () => folderOf({ ...reportFiles, "a/Skill.md": "" }), "OC1203", '"a/Skill.md"'],
    [
      "without front matter",
      () => without("# Report\n\n---\nname: a\n---\n"),
      "OC1211",
      "does not begin with front matter",
    ],
    ["whose front matter has no end", () => without("---\nname: a\n"), "OC1211", "does not begin with front matter"],
    ["whose front matter is above 64 KB", () => named(`name: a\nx: ${"x".repeat(2 ** 16)}`), "OC1211", "64 KB"],
    ["whose front matter is no YAML", () => named("name: [a"), "OC1211", "not valid YAML"],
    ["whose front matter is nested 30,000 times", () => named("[".repeat(30_000)), "OC1211", "not valid YAML"],
    ["whose front matter names a type of JavaScript", () => named("name: !!js/function a"), "OC1211", "not valid YAML"],
    ["whose front matter is no YAML in line 3", () => named("name: a\n: : :"), "OC1211", "not valid YAML", "(3:"],
    ["whose front matter is text", () => named("report"), "OC1211", ": it is not a list of `key: value`. Correct it"],
    ["whose front matter is a list", () => named("- name: a"), "OC1211", ": it is not a list of `key: value`"],
    ["whose front matter is empty", () => named(""), "OC1211", ": it is not a list of `key: value`"],
    ["without name", () => named("description: a"), "OC1211", "name is missing"],
    ["without description", () => named("name: a"), "OC1211", "description is missing"],
    ["without both", () => named("x: a"), "OC1211", "name is missing", "description is missing"],
    ["whose name is a number", () => named("name: 12\ndescription: a"), "OC1211", "name is missing, or is no text"],
    ["whose name has 65 characters", () => named(`name: ${long}\ndescription: a`), "OC1211", "more than 64 characters"],
    ["whose name has capitals", () => named("name: Report\ndescription: a"), "OC1211", "lower-case letters"],
    ["whose name is a path", () => named("name: ../a\ndescription: a"), "OC1211", "lower-case letters"],
    ["whose description is blank", () => named("name: a\ndescription: ' '"), "OC1211", "description is empty"],
    [
      "whose description has 1,025 characters",
      () => named(`name: a\ndescription: ${"x".repeat(1025)}`),
      "OC1211",
      "1,024",
    ],
    [
      "with a link",
      () => linked(folderOf(reportFiles)),
      "OC1202",
      '"scripts/passwd" is a symbolic link',
      ".skillignore",
    ],
    ["with a FIFO", () => withFifo(folderOf(reportFiles)), "OC1202", '"pipe" is neither a file nor a folder'],
    ["with a FIFO for .skillignore", () => withFifo(folderOf(reportFiles), ".skillignore"), "OC1202", "is no file"],
    ["with a FIFO for .gitignore", () => withFifo(folderOf(reportFiles), ".gitignore"), "OC1202", '".gitignore" is no'],
    ["with a folder .skillignore", () => folderOf({ ...reportFiles, ".skillignore/a": "" }), "OC1202", "is no file"],
    [
      "with a link for .skillignore",
      () => linked(folderOf(reportFiles), ".skillignore"),
      "OC1202",
      'the ignore file ".skillignore" is a symbolic link',
    ],
    ["with a backslash in a name", () => folderOf({ ...reportFiles, "a\\b": "" }), "OC1205", "a backslash"],
    [
      "with a path of 600 characters that has a line feed",
      () => folderOf({ ...reportFiles, [`${"a".repeat(199)}/${"b".repeat(199)}/${"c".repeat(199)}\n`]: "" }),
      "OC1205",
      `"${"a".repeat(199)}/…"`,
    ],
    ["with a line feed in a name", () => folderOf({ ...reportFiles, "a\nb": "" }), "OC1205", "\\n"],
    [
      "with names that differ in case",
      () => folderOf({ ...reportFiles, "Data.csv": "" }),
      "OC1206",
      '"Data.csv" and "data.csv"',
    ],
    ["with 501 files", () => folderOf({ ...reportFiles, ...numbered(498) }), "OC1204", "more than 500 files"],
    ["with a file above 25 MB", () => sized(folderOf(reportFiles), 1, 25 * 2 ** 20 + 1), "OC1204", '"0.bin" has 26 MB'],
    ["with 251 MB", () => sized(folderOf(reportFiles), 11, 24 * 2 ** 20), "OC1204", "265 MB in all"],
  ];
  for (const [what, make, code, ...parts] of refused)
    it(`is refused ${what}`, () => {
      const { code: found, message } = failure(make());
      assert.equal(found, code, message);
      for (const part of parts) assert.ok(message.includes(part), `${message} lacks ${part}`);
    });

  it("is refused whose SKILL.md is a link, without the advice to leave it out", () => {
    const { message } = failure(linked(folderOf({}), "SKILL.md"));
    assert.equal(message, 'OC1202: "SKILL.md" is a symbolic link. Replace it by a file');
  });

  it("may have 500 files, and one of 25 MB", () => {
    const folder = sized(folderOf({ ...reportFiles, ...numbered(496) }), 1, 25 * 2 ** 20);
    assert.equal(pathsIn(folder).length, 500);
  });

  for (const [what, path] of [
    ["a file", "data.csv"],
    ["a folder in it", "scripts"],
    ["the folder itself", ""],
  ] as const)
    it(`is refused with the absolute path where ${what} is not readable`, () => {
      const folder = folderOf({ ...reportFiles, ".skillignore": "" });
      chmodSync(dirname(dirname(folder)), 0o755);
      chmodSync(join(folder, path), 0);
      const { message } = asOrdinaryUser(() => failure(folder));
      chmodSync(join(folder, path), 0o755); // so that it can be removed
      assert.equal(
        message,
        `OC1201: ${JSON.stringify(join(folder, path))} cannot be read: EACCES. Correct the path, or the permissions`,
      );
    });
});

/** As a user whom permissions bind: root reads everything. */
function asOrdinaryUser<T>(run: () => T): T {
  if (process.geteuid?.() !== 0) return run();
  process.seteuid?.(65_534);
  try {
    return run();
  } finally {
    process.seteuid?.(0);
  }
}

function linked(folder: string, path = "scripts/passwd"): string {
  symlinkSync("/etc/passwd", join(folder, path));
  return folder;
}

function withFifo(folder: string, path = "pipe"): string {
  execFileSync("mkfifo", [join(folder, path)]);
  return folder;
}

function numbered(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}.txt`, ""]));
}

/** With so many sparse files of a size. */
function sized(folder: string, count: number, bytes: number): string {
  for (let index = 0; index < count; index += 1) {
    writeFileSync(join(folder, `${index}.bin`), "");
    truncateSync(join(folder, `${index}.bin`), bytes);
  }
  return folder;
}
