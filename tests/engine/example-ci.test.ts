import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, ManualClock, startEmulator } from "../../sdk/emulator";
import { ExampleStack } from "../support/ci/example-stack";
import { FakeGitHub } from "../support/ci/fake-github";
import { example, type ScriptResult } from "../support/ci/run-script";

const head = "a".repeat(40);
const [oldToken, newToken] = ["ghp_old-token-of-the-example", "ghp_new-token-of-the-example"];

/** A report without what differs in each run. */
function stable(report: string): string {
  return report.replace(/[\da-f]{64}/g, "…").replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, "…");
}

describe("examples/ci on a stack", function () {
  this.timeout(240_000);
  const clock = new ManualClock();
  let emulator: Emulator;
  let github: FakeGitHub;
  let project: ExampleStack;

  before(async () => {
    emulator = await startEmulator({ clock });
    github = await new FakeGitHub().start();
    project = new ExampleStack(emulator.baseUrl);
    project.stack.configure("ci:githubToken", oldToken);
  });
  after(async () => {
    await project.stack.end({ containers: () => [] }); // the emulator ends with its containers
    await github.stop();
    await emulator.stop();
  });

  /** Runs a script that must succeed. */
  async function ok(name: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    const { code, out, err } = await project.script(name, args, env);
    assert.equal(code, 0, `${name}: ${err}`);
    return out;
  }

  /** The steps of deploy.yml. */
  async function deploy(): Promise<ScriptResult> {
    await ok("preview.sh", ["preview.json"]);
    await ok("report.sh", ["preview.json", "report"]);
    project.write("reviewed", await ok("reviewed.mjs", ["report"], github.env));
    return project.script("up.sh", ["preview.json", "reviewed"]);
  }

  const memoryLimits = () => emulator.containers().map(({ memory_limit }) => memory_limit);

  it("reports what a pull request changes, and fails as it widens egress, without a request that writes", async () => {
    await project.stack.up();
    const requests = emulator.requests.length;
    project.change();
    project.stack.configure("ci:githubToken", newToken);
    await ok("preview.sh", ["preview.json"]);
    const job = { FAIL_ON: "egress-widened", GITHUB_STEP_SUMMARY: join(project.stack.folder, "summary.md") };
    const { code, err } = await project.script("report.sh", ["preview.json", "report"], job);
    assert.deepEqual([code, err.slice(0, 7)], [3, "OC5112:"]);

    const report = project.read("report/report.md");
    assert.equal(stable(report), readFileSync(join(example, "before-and-after/report.md"), "utf8"));
    assert.ok(report.split("\n").length <= 24, "it is one screen long");
    assert.equal(project.read("summary.md"), report);
    for (const token of [oldToken, newToken]) assert.ok(!report.includes(token));
    assert.deepEqual(new Set(emulator.requests.slice(requests).map(({ method }) => method)), new Set(["GET"]));
  });

  it("comments, refuses to apply what was not reviewed, and applies what was", async () => {
    const pull = github.pull(7, head);
    github.previewed(pull);
    await ok("comment.mjs", ["report"], github.env);
    assert.ok(github.comments[0]?.body.startsWith(project.read("report/report.md")));

    github.merge(pull);
    project.replace('"uploads.example.com"', '"uploads.example.com", "example.org"');
    const { code, err } = await deploy();
    assert.deepEqual([code, err.slice(0, 7)], [4, "OC5113:"]);
    assert.deepEqual(memoryLimits(), ["1g"]);

    project.replace(', "example.org"', "");
    assert.equal((await deploy()).code, 0);
    assert.deepEqual(memoryLimits(), ["4g"]);
  });

  it("opens an issue about a container that has expired", async () => {
    clock.advance(20 * 60_000);
    await ok("preview.sh", ["preview.json"]);
    await ok("report.sh", ["preview.json", "report"]);
    await ok("drift-issue.mjs", ["report"], github.env);
    const [issue, ...more] = github.issues;
    assert.match(issue?.body ?? "", /\*\*expired\*\*/);
    assert.deepEqual(more, []);
  });
});

describe("examples/ci for a fork", function () {
  this.timeout(240_000);

  it("reports what it changes in the target branch's program, with no state, no key and no secret", async () => {
    const project = new ExampleStack("http://127.0.0.1:9/v1"); // nothing listens there
    try {
      const config = [
        "encryptionsalt: v1:x:v1:y",
        "config:",
        "  ci:githubToken:",
        "    secure: v1:unreadable",
        "",
      ].join("\n");
      project.write("Pulumi.dev.yaml", config);
      project.copyTo("base");
      project.change();
      const { code, err } = await project.forkScript("preview-emulated.mjs", ["base", "preview.json"]);
      assert.equal(code, 0, err);
      assert.equal(project.read("Pulumi.dev.yaml"), config);
      await project.forkScript("report.sh", ["preview.json", "report"]);
      const { stacks } = JSON.parse(project.read("report/report.json"));
      const findings: string[] = stacks[0].findings.map(({ id }: { id: string }) => id);
      assert.deepEqual(findings.sort(), ["egress-widened", "memory-raised", "not-verified", "replaced"]);
    } finally {
      project.remove();
    }
  });
});
