#!/usr/bin/env node
// Usage: drift-issue.mjs FOLDER
// Opens an issue with the report in FOLDER, or updates the open one on the stack. Closes that if nothing differs, provided that
// live state was read.
import { currentPlatform } from "./platform/platform.mjs";
import { findReport } from "./report-comment.mjs";
import { readReport } from "./report-files.mjs";
import { required, run } from "./run.mjs";

const label = "drift";

await run(async ([folder = ""]) => {
  const { markdown, isUnremarkable } = readReport(folder);
  const platform = await currentPlatform();
  const issue = await findReport(platform.openIssues(label), markdown);
  if (isUnremarkable) {
    if (issue) await platform.closeIssue(issue.number);
  } else if (issue) {
    await platform.updateIssue(issue.number, markdown);
  } else {
    await platform.openIssue({ title: `Drift of stack ${required("PULUMI_STACK")}`, label, body: markdown });
  }
});
