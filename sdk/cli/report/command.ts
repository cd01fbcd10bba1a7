import type { Command } from "../command";
import { optionsFrom } from "./options";

export const report: Command = {
  summary: "Report what a preview changes, for reviews in CI.",
  help: {
    usage: "report [options] [<file> …]",
    description: [
      "Report what a preview changes, for reviews in CI: which domains become reachable, which secrets change, which containers are lost.",
      "It reads what `pulumi preview --json` prints, in the default or the streaming form, of one stack a file. docs/ci-report.md explains the findings.",
    ],
    arguments: [["<file>", "Files with previews. Default: stdin, as does `-`."]],
    options: [
      ["--format FORMAT", "markdown (for a comment), json or text. Default: text."],
      ["--output FILE", "Write the report to a file. Default: stdout."],
      ["--fail-on ID,…", "Exit with code 3 if there is one of these findings, such as egress-widened."],
      ["--fingerprint", "Print a fingerprint of the changes in place of the report."],
      [
        "--expect-fingerprint HEX",
        "Exit with code 4 if the fingerprint is another one than that of the reviewed preview.",
      ],
      ["--quiet-if-unchanged", "Print one line for a stack without changes."],
    ],
    examples: [
      [
        "report --format markdown --fail-on egress-widened,secret-added preview.json",
        "Report a preview, and fail if it opens the network or adds a secret.",
      ],
      [
        "report --expect-fingerprint $REVIEWED preview.json",
        "Check before `pulumi up` that the reviewed changes are the ones to apply.",
      ],
    ],
    exitCodes: [
      ["0", "Success, whether or not there are changes."],
      ["1", "A preview failed, is cut short or cannot be read, or the report cannot be written."],
      ["2", "Invalid arguments."],
      ["3", "There are findings that --fail-on names."],
      ["4", "The fingerprint is another one."],
    ],
  },
  async run(args, output) {
    const options = optionsFrom(args);
    // Loaded here, so that other commands start without it.
    const { runReport }: typeof import("./run-report") = require("./run-report");
    await runReport(options, output);
  },
};
