#!/usr/bin/env node
// Usage: comment.mjs FOLDER
// Writes the report in FOLDER as the pull request's comment, or updates the one that is there for the stack. The comment
// records the previewed commit and the fingerprint of its changes, for reviewed.mjs; a fork's does not, as its preview is not
// of the stack.
import { currentPlatform } from "./platform/platform.mjs";
import { findReport, withRecord } from "./report-comment.mjs";
import { readReport } from "./report-files.mjs";
import { run } from "./run.mjs";

const forkNote = "This is of a fork: compared with the program of the target branch, not with the stack.";

await run(async ([folder = ""]) => {
  const { markdown, fingerprint } = readReport(folder);
  const platform = await currentPlatform();
  const pullRequest = await platform.previewedPullRequest();
  if (!pullRequest) {
    process.stdout.write("Nothing to comment on: the pull request was closed, or has a newer commit.\n");
    return;
  }
  const { number, head, isFork } = pullRequest;
  const body = isFork ? `${markdown}\n${forkNote}\n` : fingerprint ? withRecord(markdown, head, fingerprint) : markdown;
  const comment = await findReport(platform.comments(number), markdown);
  if (comment) await platform.updateComment(number, comment.id, body);
  else await platform.addComment(number, body);
});
