import assert from "node:assert/strict";
import { FakeGitLab } from "../support/ci/fake-gitlab";
import { fingerprint, marker, ReportFolder } from "../support/ci/report-folder";
import { runScript } from "../support/ci/run-script";

const [branch, squashed, merged] = ["a".repeat(40), "b".repeat(40), "e".repeat(40)];
const record = (sha: string) => `<!-- reviewed ${sha} ${fingerprint} -->`;

describe("examples/ci on GitLab", () => {
  let gitlab: FakeGitLab;
  let folder: ReportFolder;

  beforeEach(async () => {
    gitlab = await new FakeGitLab().start();
    folder = new ReportFolder();
  });
  afterEach(async () => {
    await gitlab.stop();
    folder.remove();
  });

  const run = (script: string, env: NodeJS.ProcessEnv = {}) =>
    runScript(script, [folder.path], { ...gitlab.env, PULUMI_STACK: "dev", ...env });

  async function ok(script: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
    const { code, out, err } = await run(script, env);
    assert.deepEqual([code, err], [0, ""]);
    return out;
  }

  it("comment.mjs updates its note beyond a page of which all notes are hidden, and no note of another user", async () => {
    gitlab.requestToMerge(7, branch);
    gitlab.note(7, `${marker}\nforged`, { author: 13 });
    for (let count = 0; count < 120; count++) gitlab.note(7, "", { author: 13, isHidden: true });
    const ours = gitlab.note(7, `${marker}\nold`);
    folder.write("new");
    // A pipeline for merged results: its commit is not the branch's.
    await ok("comment.mjs", { CI_MERGE_REQUEST_IID: "7", CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: branch });
    assert.deepEqual(gitlab.writes, [`PUT /projects/9/merge_requests/7/notes/${ours.id}`]);
    assert.equal(ours.body, `${marker}\nnew\n\n${record(branch)}\n`);
  });

  it("comment.mjs writes a note if there is none, and nothing once the merge request has a newer commit", async () => {
    const request = gitlab.requestToMerge(7, merged);
    folder.write("new");
    const env = { CI_MERGE_REQUEST_IID: "7", CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: "" };
    await ok("comment.mjs", env);
    request.sha = branch;
    assert.match(await ok("comment.mjs", env), /^Nothing to comment on/);
    assert.deepEqual(
      gitlab.notes.map(({ body }) => body),
      [`${marker}\nnew\n\n${record(merged)}\n`],
    );
  });

  for (const [how, commits] of [
    ["a merge commit", { sha: branch, merge_commit_sha: merged }],
    ["a merge commit of a squashed commit", { sha: branch, squash_commit_sha: squashed, merge_commit_sha: merged }],
    ["a squashed commit", { sha: branch, squash_commit_sha: merged }],
    ["a fast-forward", { sha: merged }],
  ] as const) {
    it(`reviewed.mjs prints the recorded fingerprint after a merge by ${how}`, async () => {
      gitlab.requestToMerge(6, merged); // still open
      Object.assign(gitlab.requestToMerge(7, commits.sha), { ...commits, state: "merged" });
      gitlab.note(7, `${marker}\nfine\n\n${record(commits.sha)}\n`);
      folder.write("of the merge");
      assert.equal(await ok("reviewed.mjs"), `${fingerprint}\n`);
    });
  }

  it("reviewed.mjs fails for a commit that no merge request made", async () => {
    Object.assign(gitlab.requestToMerge(7, branch), { state: "merged", merge_commit_sha: squashed });
    gitlab.note(7, `${marker}\nfine\n\n${record(branch)}\n`);
    folder.write("of the merge");
    const { code, err } = await run("reviewed.mjs");
    assert.equal(code, 1);
    assert.match(err, /^Nothing was reviewed: no pull request made this commit/);
  });

  it("drift-issue.mjs opens one issue, updates it and closes it", async () => {
    folder.write("expired");
    await ok("drift-issue.mjs");
    folder.write("gone");
    await ok("drift-issue.mjs");
    const [issue, ...more] = gitlab.issues;
    const { title, labels, description } = issue ?? assert.fail("there is no issue");
    assert.deepEqual([title, labels, description, more], ["Drift of stack dev", ["drift"], `${marker}\ngone\n`, []]);

    folder.write("no changes", { verdict: "unchanged", findings: [] });
    await ok("drift-issue.mjs");
    assert.equal(issue?.state, "closed");
  });

  it("fails with the request and the status if the API fails, and never with the token", async () => {
    gitlab.requestToMerge(7, branch);
    folder.write("new");
    gitlab.fault = { line: /^POST/, status: 403, text: '{"message":"403 Forbidden"}' };
    const { code, err } = await run("comment.mjs", { CI_MERGE_REQUEST_IID: "7", CI_COMMIT_SHA: branch });
    assert.equal(code, 1);
    assert.match(err, /^GitLab: POST \/projects\/9\/merge_requests\/7\/notes: HTTP 403: .*403 Forbidden/);
    assert.ok(!err.includes("glpat-test-token"));
  });
});
