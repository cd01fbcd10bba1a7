import { parseArgs } from "node:util";
import { type FindingId, findingWeights } from "../../report/finding";
import { parsed, UsageError } from "../command";

export const formats = ["markdown", "json", "text"] as const;
export type Format = (typeof formats)[number];

export interface ReportOptions {
  /** The files with previews; none for stdin. */
  files: readonly string[];
  format: Format;
  /** The file to write; undefined for stdout. */
  output: string | undefined;
  failOn: ReadonlySet<FindingId>;
  /** Whether to print the fingerprint in place of the report. */
  printsFingerprint: boolean;
  expectedFingerprint: string | undefined;
  isQuietIfUnchanged: boolean;
}

/** @throws UsageError */
export function optionsFrom(args: string[]): ReportOptions {
  const { values, positionals } = parsed(() => parseArgs({ args, options, allowPositionals: true }));
  const expected = values["expect-fingerprint"]?.toLowerCase();
  if (expected !== undefined && !/^[0-9a-f]{64}$/.test(expected))
    throw new UsageError("OC5109", `--expect-fingerprint: got ${JSON.stringify(expected)}, expected 64 hex digits`);
  const format = formatFrom(values.format);
  const failOn = new Set((values["fail-on"] ?? []).flatMap(findingsFrom));
  if (positionals.length === 0 && process.stdin.isTTY)
    throw new UsageError("OC5115", "No preview was given: stdin is a terminal");
  return {
    files: positionals,
    format,
    output: values.output,
    failOn,
    printsFingerprint: values.fingerprint,
    expectedFingerprint: expected,
    isQuietIfUnchanged: values["quiet-if-unchanged"],
  };
}

const options = {
  format: { type: "string", default: "text" },
  output: { type: "string" },
  "fail-on": { type: "string", multiple: true },
  fingerprint: { type: "boolean", default: false },
  "expect-fingerprint": { type: "string" },
  "quiet-if-unchanged": { type: "boolean", default: false },
} as const;

function formatFrom(text: string): Format {
  const format = formats.find((name) => name === text);
  if (format) return format;
  throw new UsageError("OC5108", `--format: got ${JSON.stringify(text)}, expected ${formats.join(", ")}`);
}

function findingsFrom(text: string): FindingId[] {
  return text.split(",").map((part) => {
    const name = part.trim();
    if (isFinding(name)) return name;
    const known = Object.keys(findingWeights).join(", ");
    throw new UsageError("OC5107", `--fail-on: got ${JSON.stringify(name)}, expected findings of ${known}`);
  });
}

function isFinding(name: string): name is FindingId {
  return Object.hasOwn(findingWeights, name);
}
