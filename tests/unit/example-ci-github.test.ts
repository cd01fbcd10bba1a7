import assert from "node:assert/strict";
import { bot, FakeGitHub } from "../support/ci/fake-github";
import { fingerprint, marker, ReportFolder } from "../support/ci/report-folder";
import { runScript, type ScriptResult } from "../support/ci/run-script";

const [first, second] = ["a".repeat(40), "b".repeat(40)];
const record = (sha: string, of = fingerprint) => `<!-- reviewed ${sha} ${of} -->`;
const nameless = "<!-- openai-containers report: preview.json -->";

describe("examples/ci on GitHub", () => {
  let github: FakeGitHub;
  let folder: ReportFolder;

  beforeEach(async () => {
    github = await new FakeGitHub().start();
    folder = new ReportFolder();
  });
  afterEach(async () => {
    await github.stop();
    folder.remove();
  });

  const run = (script: string, env: NodeJS.ProcessEnv = {}) =>
    runScript(script, [folder.path], { ...github.env, PULUMI_STACK: "dev", ...env });

  async function ok(script: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
    const { code, out, err } = await run(script, env);
    assert.deepEqual([code, err], [0, ""]);
    return out;
  }

  function assertFails({ code, out, err }: ScriptResult, reason: RegExp): void {
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, reason);
    assert.equal(err.trimEnd().split("\n").length, 1, err);
    assert.ok(!err.includes("ghs_test-token"), err);
  }

  describe("comment.mjs", () => {
    it("writes one comment for a pull request, and updates it for each commit", async () => {
      const pull = github.pull(7, first);
      github.comment(7, "Nice.", "mona");
      github.previewed(pull);
      folder.write("### 2 findings");
      await ok("comment.mjs");

      pull.head.sha = second;
      github.previewed(pull);
      folder.write("### 1 finding");
      await ok("comment.mjs");

      const bodies = github.comments.map(({ body }) => body);
      assert.deepEqual(bodies, ["Nice.", `${marker}\n### 1 finding\n\n${record(second)}\n`]);
    });

    it("finds its comment on a later page, and after an edit on the web, which changes the line breaks", async () => {
      const pull = github.pull(7, first);
      for (let count = 0; count < 230; count++) github.comment(7, `${count}`, "mona");
      const ours = github.comment(7, `${marker}\r\nold`);
      github.previewed(pull);
      folder.write("new");
      await ok("comment.mjs");
      assert.equal(github.comments.length, 231);
      assert.equal(ours.body, `${marker}\nnew\n\n${record(first)}\n`);
    });

    it("does not touch comments of others with the marker, nor ours on another stack or pull request", async () => {
      const pull = github.pull(7, first);
      const others = [
        github.comment(7, `${marker}\nforged`, "mallory"),
        github.comment(7, "<!-- openai-containers report: ci/prod -->\nprod"),
        github.comment(7, `Quoting:\n${marker}\n`),
        github.comment(8, `${marker}\nother`),
      ].map((comment) => ({ ...comment }));
      github.previewed(pull);
      folder.write("new");
      await ok("comment.mjs");
      assert.deepEqual(github.comments.slice(0, -1), others);
      assert.equal(github.comments.length, 5);
    });

    it("finds a fork's pull request by its branch, says that it is one, and records no fingerprint", async () => {
      github.pull(6, "c".repeat(40), { owner: "mallory" });
      const pull = github.pull(7, first, { owner: "mallory", ref: "a&state=closed#$(reboot)" });
      github.previewed(pull);
      folder.write("### 1 finding");
      await ok("comment.mjs");
      const [comment, ...more] = github.comments;
      assert.deepEqual([comment?.on, more], [7, []]);
      assert.match(
        comment?.body ?? "",
        /^<!-- openai.*\n### 1 finding\n\nThis is of a fork: compared with the program/,
      );
      assert.doesNotMatch(comment?.body ?? "", /reviewed/);
    });

    for (const [what, change] of [
      ["has a newer commit", { head: second }],
      ["was closed", { state: "closed" }],
    ] as const) {
      it(`writes nothing if the pull request ${what}`, async () => {
        const pull = github.pull(7, first);
        github.previewed(pull);
        if ("state" in change) pull.state = change.state;
        else pull.head.sha = change.head;
        folder.write("late");
        assert.match(await ok("comment.mjs"), /^Nothing to comment on: /);
        assert.deepEqual(github.writes, []);
      });
    }

    it("records no fingerprint of a preview that failed, and leaves none of an earlier one", async () => {
      const pull = github.pull(7, first);
      github.comment(7, `${marker}\nfine\n\n${record(first)}`);
      github.previewed(pull);
      folder.write("failed", { verdict: "failed" });
      await ok("comment.mjs");
      assert.deepEqual(
        github.comments.map(({ body }) => body),
        [`${marker}\nfailed\n`],
      );
    });

    for (const [what, firstLine] of [
      ["that failed before it named its stack", nameless],
      ["that names another stack", marker.replace("dev", "prod")],
    ] as const) {
      it(`updates the comment on the job's stack with a preview ${what}`, async () => {
        const comment = github.comment(7, `${marker}\nfine\n\n${record(first)}`);
        github.comment(7, `${marker.replace("dev", "prod")}\nfine`);
        github.previewed(github.pull(7, first));
        folder.write("failed", { verdict: "failed", firstLine });
        await ok("comment.mjs");
        assert.deepEqual(github.writes, [`PATCH /issues/comments/${comment.id}`]);
        assert.equal(comment.body, `${marker}\nfailed\n`);
      });
    }

    it("has the same marker as a report of a stack with hyphens, without its organization", async () => {
      github.previewed(github.pull(7, first));
      folder.write("failed", { verdict: "failed", firstLine: nameless });
      await ok("comment.mjs", { PULUMI_STACK: "acme/eu-west" });
      assert.match(github.comments[0]?.body ?? "", /^<!-- openai-containers report: ci\/eu%2Dwest -->\n/);
    });

    it("fails with the request and the status if the API fails, and prints no command that a response holds", async () => {
      github.previewed(github.pull(7, first));
      folder.write("new");
      const fails = async (line: RegExp, status: number, text: string) => {
        github.fault = { line, status, text };
        return run("comment.mjs");
      };
      assertFails(
        await fails(/^POST/, 403, "no\n::set-env name=PATH::/tmp"),
        /^GitHub: POST \/issues\/7\/comments: HTTP 403: "no\\n::set-env/,
      );
      assertFails(await fails(/comments$/, 502, "<html>"), /^GitHub: GET \/issues\/7\/comments.*: HTTP 502: "<html>"/);
      assertFails(await fails(/comments$/, 200, "<html>"), /comments: not JSON: "<html>"/);
      assertFails(await fails(/comments$/, 200, "{}"), /comments.*: expected a list/);
      assertFails(await fails(/comments$/, 302, ""), /GET \/issues\/7\/comments.*: no response: /);
      assert.deepEqual(github.comments, []);
    });
  });

  describe("reviewed.mjs", () => {
    const merged = (body: string, login = bot) => {
      const pull = github.pull(7, first);
      github.comment(7, body, login);
      github.merge(pull);
      folder.write("of the merge");
    };

    it("prints the fingerprint that the merged pull request's comment records", async () => {
      github.pull(6, second);
      merged(`${marker}\nfine\n\n${record(first)}\n`);
      assert.equal(await ok("reviewed.mjs"), `${fingerprint}\n`);
    });

    it("prints what a person approved, and then asks nothing of the API", async () => {
      folder.write("of the merge");
      assert.equal(await ok("reviewed.mjs", { FINGERPRINT: fingerprint }), `${fingerprint}\n`);
      assert.deepEqual(github.requests, []);
    });

    it("fails for a comment that another person wrote", async () => {
      merged(`${marker}\nforged\n\n${record(first)}\n`, "mallory");
      assertFails(
        await run("reviewed.mjs"),
        /^Nothing was reviewed: pull request 7 has no report\. Read this job's report/,
      );
    });

    it("fails for a record that is not the comment's last line", async () => {
      merged(`${marker}\n${record(first)}\n\nfailed\n`);
      assertFails(await run("reviewed.mjs"), /pull request 7 has no report/);
    });

    it("fails if the report is of another commit than the pull request's last", async () => {
      merged(`${marker}\nfine\n\n${record(second)}\n`);
      assertFails(await run("reviewed.mjs"), new RegExp(`Pull request 7 ended at ${first}, but .* of ${second}`));
    });

    it("fails for a commit that no pull request made", async () => {
      merged(`${marker}\nfine\n\n${record(first)}\n`);
      for (const pull of github.pulls) pull.merge_commit_sha = second;
      assertFails(await run("reviewed.mjs"), /^Nothing was reviewed: no pull request made this commit/);
    });
  });

  describe("drift-issue.mjs", () => {
    const bodies = () => github.issues.map(({ state, body }) => `${state}: ${body.replaceAll("\n", " ").trim()}`);

    it("opens one issue, updates it, closes it when nothing differs, and opens another one later", async () => {
      folder.write("expired");
      await ok("drift-issue.mjs");
      assert.deepEqual(bodies(), [`open: ${marker} expired`]);
      assert.deepEqual([github.issues[0]?.title, github.issues[0]?.labels], ["Drift of stack dev", ["drift"]]);

      folder.write("gone");
      await ok("drift-issue.mjs");
      assert.deepEqual(bodies(), [`open: ${marker} gone`]);

      folder.write("no changes", { verdict: "unchanged", findings: [] });
      await ok("drift-issue.mjs");
      await ok("drift-issue.mjs");
      assert.deepEqual(bodies(), [`closed: ${marker} gone`]);

      folder.write("gone again");
      await ok("drift-issue.mjs");
      assert.deepEqual(bodies(), [`closed: ${marker} gone`, `open: ${marker} gone again`]);
    });

    it("keeps the issue open if nothing differs but live state was not read", async () => {
      github.issue({ title: "Drift", labels: ["drift"], body: `${marker}\nexpired` });
      folder.write("not verified", { verdict: "unchanged", findings: ["not-verified"] });
      await ok("drift-issue.mjs");
      assert.deepEqual(bodies(), [`open: ${marker} not verified`]);
    });

    it("updates the issue with a preview that failed before it named its stack", async () => {
      github.issue({ title: "Drift", labels: ["drift"], body: `${marker}\nexpired` });
      folder.write("failed", { verdict: "failed", firstLine: nameless });
      await ok("drift-issue.mjs");
      assert.deepEqual(bodies(), [`open: ${marker} failed`]);
    });

    it("leaves issues of others and pull requests alone", async () => {
      github.issue({ title: "Forged", labels: ["drift"], body: `${marker}\nforged` }, "mallory");
      Object.assign(github.issue({ title: "Pull", labels: ["drift"], body: `${marker}\npull` }), { pull_request: {} });
      folder.write("expired");
      await ok("drift-issue.mjs");
      assert.deepEqual(bodies(), [`open: ${marker} forged`, `open: ${marker} pull`, `open: ${marker} expired`]);
    });
  });

  it("says what is missing: the report, a variable, or a platform", async () => {
    assertFails(await run("comment.mjs"), /^There is no .*report\.md\. See why report\.sh did not write it/);
    folder.write("new");
    assertFails(await run("comment.mjs", { GITHUB_TOKEN: "" }), /^GITHUB_TOKEN is not set/);
    assertFails(await run("comment.mjs", { GITHUB_ACTIONS: "" }), /^This is no job of GitHub or GitLab/);
  });
});
