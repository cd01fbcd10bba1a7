import type { CodeEntries } from "./code-entry";

/** OC51xx: reports of previews. */
export const reportCodes = {
  OC5101: {
    message: "… is empty.",
    cause: "Pulumi failed before it wrote any JSON, as for a stack that does not exist, or its output went elsewhere.",
    remedy: "See what `pulumi preview --json` wrote to stderr, and pass what it writes to stdout.",
  },
  OC5102: {
    message: "… is not the JSON of a preview: not JSON at byte ….",
    cause: "The file has other text than JSON, such as stderr, or the output of a preview without `--json`.",
    remedy: "Pass what `pulumi preview --json` writes to stdout, without its stderr.",
  },
  OC5103: {
    message: "… is no preview of a form that this release knows (…).",
    cause: "The JSON is that of another command, or of a version of Pulumi whose form this release does not know.",
    remedy: "Pass the output of `pulumi preview --json`. If it is, upgrade pulumi-openai-containers.",
  },
  OC5104: {
    message: "… is cut short.",
    cause: "Pulumi was stopped before the preview ended, or the file was not written to its end.",
    remedy: "Run the preview again. The report shows what was read, which may not be all that changes.",
  },
  OC5105: {
    message: "Cannot read …: ….",
    cause: "The file does not exist, is a folder, or belongs to another user.",
    remedy: "Pass the file of a preview.",
  },
  OC5106: {
    message: "Cannot write …: ….",
    cause: "The folder of the file does not exist, is not writable, or has no space left. The same goes for stdout.",
    remedy: "Free space, or choose another file: with `--output`, or for stdout of any command in the shell.",
  },
  OC5107: {
    message: "--fail-on: got …, expected findings of ….",
    cause: "There is no finding of that name.",
    remedy: "Use names of [Findings](ci-report.md#findings), separated by commas.",
  },
  OC5108: {
    message: "--format: got …, expected ….",
    cause: "There is no format of that name.",
    remedy: "Use `markdown`, `json` or `text`.",
  },
  OC5109: {
    message: "--expect-fingerprint: got …, expected 64 hex digits.",
    cause: "The value is no fingerprint; the variable that should hold it may be empty.",
    remedy: "Pass what `openai-containers report --fingerprint` printed for the reviewed preview.",
  },
  OC5110: {
    message: "There is no whole preview in …: ….",
    cause: "The preview failed, is cut short or cannot be read. The reason follows.",
    remedy: "Correct what the report says, and run the preview again.",
  },
  OC5111: {
    message: "… and … are both previews of ….",
    cause: "Two files are previews of one stack, whose comments could not be told apart.",
    remedy: "Pass one of them.",
  },
  OC5112: {
    message: "Findings of --fail-on: ….",
    cause: "The preview has findings that `--fail-on` names.",
    remedy: "Change the program. If the change is meant, accept it by a run without these names.",
  },
  OC5113: {
    message: "The preview is not the one that was reviewed: its fingerprint is …, expected ….",
    cause: "The program, the configuration, the state or a container changed since the review.",
    remedy: "Review the changes again, and pass the new fingerprint.",
  },
  OC5114: {
    message: "The preview in … failed, and gives no reason.",
    cause: "The streaming form of a preview says that it failed, and has no error, as for a policy that it violates.",
    remedy: "See what `pulumi preview` writes to stderr.",
  },
  OC5115: {
    message: "No preview was given: stdin is a terminal.",
    cause: "`openai-containers report` was run without a file, and nothing is piped into it.",
    remedy: "Name a file, or pipe the preview: `pulumi preview --json | openai-containers report`.",
  },
} as const satisfies CodeEntries;
