import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildFolder } from "../../sdk/docker/build-folder";
import { dockerfileOf } from "../../sdk/docker/dockerfile";
import { filesUnder } from "../../sdk/docker/source-files";

/** The command of the last step, as the builder runs it. */
function checkOf(dockerfile: string): [program: string, ...args: string[]] {
  const [program, ...args]: string[] = JSON.parse(dockerfile.trim().split("\n").at(-1)?.replace("RUN ", "") ?? "");
  return [program ?? "", ...args];
}

describe("the Dockerfile of a SandboxImage", () => {
  it("has a step for each kind of package, and the files in the program's order", () => {
    const text = dockerfileOf({
      base: "python:3.12-slim-bookworm",
      apt: ["jq", "curl=7.88.1-10+deb12u14"],
      pip: ["pandas[excel]==2.3.3"],
      npm: ["typescript@5.9.3"],
      files: { "/opt/b": "./b", "/opt/a": "./a" },
    });
    assert.deepEqual(text.split("\n").slice(0, -2), [
      "FROM python:3.12-slim-bookworm",
      "USER root",
      "RUN apt-get update \\",
      " && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends 'jq' 'curl=7.88.1-10+deb12u14' \\",
      " && rm -rf /var/lib/apt/lists/*",
      "RUN PIP_BREAK_SYSTEM_PACKAGES=1 python3 -m pip install --no-cache-dir 'pandas[excel]==2.3.3'",
      "RUN npm install --global --no-audit --no-fund 'typescript@5.9.3'",
      'COPY ["files/0","/opt/b"]',
      'COPY ["files/1","/opt/a"]',
    ]);
  });

  it("begins, without a base, with an image near the hosted runtime", () => {
    const text = dockerfileOf({ apt: ["jq"] });
    const stages = ["node:22-bookworm-slim AS node", "golang:1.23-bookworm AS go", "python:3.11-slim-bookworm"];
    assert.deepEqual(
      text.match(/^FROM .*/gm),
      stages.map((stage) => `FROM ${stage}`),
    );
    assert.match(text, /'openjdk-17-jdk-headless' 'php8\.2-cli' 'ruby3\.1' 'jq' /);
  });

  it("ends with a step that passes where sleep and rm are found, and names the one that is missing", () => {
    const [program, ...args] = checkOf(dockerfileOf({ base: "debian:12-slim" }));
    assert.equal(spawnSync(program, args).status, 0);
    const folder = mkdtempSync(join(tmpdir(), "openai-containers-check-"));
    try {
      symlinkSync("/bin/sh", join(folder, "sleep"));
      const { status, stdout } = spawnSync(program, args, { env: { PATH: folder }, encoding: "utf8" });
      assert.deepEqual([status, stdout], [1, "this image has no rm, which a sandbox needs\n"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("the folder of a SandboxImage's build", () => {
  const started = process.cwd();
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "openai-containers-build-"));
    process.chdir(folder);
  });
  after(() => {
    process.chdir(started);
    rmSync(folder, { recursive: true });
  });

  it("has permissions that do not depend on this machine", () => {
    mkdirSync("source/private", { recursive: true });
    writeFileSync("source/private/run.sh", "#!/bin/sh\n");
    chmodSync("source/private/run.sh", 0o700);
    chmodSync("source/private", 0o700);
    writeFileSync("source/notes", "private\n", { mode: 0o600 });
    const umask = process.umask(0o077);
    try {
      const built = buildFolder(filesUnder("source", "files/0"));
      assert.match(built, /^node_modules\/\.cache\/pulumi-openai-containers\/[\da-f]{16}$/);
      const modes = readdirSync(built, { recursive: true, encoding: "utf8" })
        .sort()
        .map((path) => `${path} ${(statSync(join(built, path)).mode & 0o777).toString(8)}`);
      assert.deepEqual(modes, [
        "files 755",
        "files/0 755",
        "files/0/notes 644",
        "files/0/private 755",
        "files/0/private/run.sh 755",
      ]);
      assert.equal(readFileSync(join(built, "files/0/notes"), "utf8"), "private\n");
    } finally {
      process.umask(umask);
    }
  });

  it("is the same for the same content, another for each change, and leaves nothing besides", () => {
    const file = (change: object) => [{ path: "Dockerfile", content: "FROM a", isExecutable: false, ...change }];
    const changes = [{}, {}, { path: "dockerfile" }, { content: "FROM b" }, { isExecutable: true }];
    const folders = changes.map((change) => buildFolder(file(change)));
    assert.equal(new Set(folders).size, 4);
    assert.equal(folders[0], folders[1]);
    assert.ok(!readdirSync("node_modules/.cache/pulumi-openai-containers").some((name) => name.includes("unfinished")));
  });

  it("is removed by a later build once it was unused for a week, and not before", () => {
    const fileOf = (content: string) => [{ path: "Dockerfile", content, isExecutable: false }];
    const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1000);
    const [used, recent, old] = ["FROM used", "FROM recent", "FROM old"].map((text) => buildFolder(fileOf(text)));
    for (const [folder = "", days] of [[used, 8] as const, [recent, 6] as const, [old, 8] as const])
      utimesSync(folder, daysAgo(days), daysAgo(days));
    const unfinished = mkdtempSync("node_modules/.cache/pulumi-openai-containers/unfinished-");
    utimesSync(unfinished, daysAgo(8), daysAgo(8));
    buildFolder(fileOf("FROM used"));
    buildFolder(fileOf("FROM new"));
    assert.deepEqual(
      [used, recent, old, unfinished].map((folder = "") => existsSync(folder)),
      [true, true, false, false],
    );
  });
});
