#!/usr/bin/env node
// Usage: reviewed.mjs FOLDER
// Prints the fingerprint of the changes that were reviewed, of the stack whose report is in FOLDER: from the comment on the
// pull request whose merge made this commit, or what a person set in FINGERPRINT.
import { currentPlatform } from "./platform/platform.mjs";
import { findReport, recordIn } from "./report-comment.mjs";
import { readReport } from "./report-files.mjs";
import { Failure, run } from "./run.mjs";

const advice = "Read this job's report. To apply its changes, run the deployment by hand with its fingerprint.";

await run(async ([folder = ""]) => {
  const fingerprint = process.env["FINGERPRINT"] || (await recordedFingerprint(readReport(folder).markdown));
  process.stdout.write(`${fingerprint}\n`);
});

/** @param {string} report on the stack */
async function recordedFingerprint(report) {
  const platform = await currentPlatform();
  const pullRequest = await platform.mergedPullRequest();
  if (!pullRequest) throw new Failure(`Nothing was reviewed: no pull request made this commit. ${advice}`);
  const { number, head } = pullRequest;
  const comment = await findReport(platform.comments(number), report);
  const record = recordIn(comment?.body ?? "");
  if (!record) throw new Failure(`Nothing was reviewed: pull request ${number} has no report. ${advice}`);
  if (record.head !== head) {
    throw new Failure(`Pull request ${number} ended at ${head}, but its report is of ${record.head}. ${advice}`);
  }
  return record.fingerprint;
}
