import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { recording, recordingFile } from "../support/report/recordings";
import { runMain } from "../support/run-main";

const changed = recordingFile("changed.json");
const unchanged = recordingFile("unchanged.json");
const failed = recordingFile("failed.json");

const printed = z.object({
  version: z.literal(1),
  stacks: z.array(
    z.object({
      stack: z.string().optional(),
      verdict: z.string(),
      errors: z.array(z.string()),
      fingerprint: z.string().optional(),
      findings: z.array(z.object({ id: z.string(), resource: z.string().optional(), path: z.string() })),
    }),
  ),
});

describe("openai-containers report", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "openai-containers-report-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A file that a test writes. */
  function file(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  const report = (...args: string[]) => runMain(["report", ...args]);
  const stacksOf = (stdout: string) => printed.parse(JSON.parse(stdout)).stacks;

  it("prints text, and succeeds whatever changes", async () => {
    const [code, stdout, stderr] = await report(changed);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(stdout, recording("changed.report"));
  });

  it("reads stdin without a file, and with -", () => {
    for (const args of [[], ["-"]]) {
      const command = [join(__dirname, "../../dist/sdk/cli/index.js"), "report", ...args];
      const { status, stdout } = spawnSync(process.execPath, command, {
        input: recording("unchanged.json"),
        encoding: "utf8",
      });
      assert.equal(status, 0);
      assert.match(stdout, /^Preview of shop\/dev: no changes\./);
    }
  });

  it("exits with 1 and one line where stdout has no space left", () => {
    const full = openSync("/dev/full", "w");
    try {
      const command = [join(__dirname, "../../dist/sdk/cli/index.js"), "report", changed];
      const { status, stderr } = spawnSync(process.execPath, command, {
        stdio: ["ignore", full, "pipe"],
        encoding: "utf8",
      });
      assert.equal(status, 1);
      assert.match(stderr, /^OC5106: Cannot write stdout: ENOSPC[^\n]+\.\n$/);
    } finally {
      closeSync(full);
    }
  });

  it("does not wait for a preview that somebody would type", async () => {
    const { isTTY } = process.stdin;
    try {
      process.stdin.isTTY = true;
      const [code, , stderr] = await report();
      assert.equal(code, 2);
      assert.match(stderr, /^OC5115: No preview was given: stdin is a terminal\. /);
    } finally {
      process.stdin.isTTY = isTTY;
    }
  });

  it("prints all findings as JSON", async () => {
    const [, stdout] = await report("--format", "json", changed);
    const [stack] = stacksOf(stdout);
    assert.equal(stack?.verdict, "changed");
    assert.equal(stack?.findings.length, recording("changed.report").match(/^ {2}- /gm)?.length);
    const rotated = stack?.findings.find(({ id }) => id === "secret-rotated");
    assert.deepEqual(rotated, { id: "secret-rotated", resource: "shop-analysis", path: "networkPolicy.domainSecrets" });
  });

  it("writes the report to a file, and nothing to stdout", async () => {
    const output = join(folder, "report.md");
    assert.deepEqual(await report("--format", "markdown", "--output", output, changed), [0, "", ""]);
    assert.match(readFileSync(output, "utf8"), /^<!-- openai-containers report: shop\/dev -->/);
  });

  it("exits with 3 for a finding of --fail-on, after it printed the report", async () => {
    const [code, stdout, stderr] = await report(
      "--fail-on",
      "memory-raised,imported",
      "--fail-on",
      "egress-widened",
      changed,
    );
    assert.equal(code, 3);
    assert.match(stdout, /^Preview of shop\/dev: fails on egress-widened, memory-raised\./);
    assert.match(stderr, /^OC5112: Findings of --fail-on: egress-widened, memory-raised\. /);
    assert.deepEqual((await report("--fail-on", "imported", changed))[0], 0);
    assert.equal((await report("--fail-on", "imported, memory-raised ", changed))[0], 3);
  });

  it("exits with 4 for another fingerprint than expected, and with 0 for the same", async () => {
    const [code, fingerprint, stderr] = await report("--fingerprint", changed);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(fingerprint, /^[0-9a-f]{64}\n$/);
    assert.equal((await report("--expect-fingerprint", fingerprint.trim(), changed))[0], 0);
    assert.equal((await report("--expect-fingerprint", fingerprint.trim().toUpperCase(), changed))[0], 0);
    const [other, stdout, why] = await report("--expect-fingerprint", fingerprint.trim(), unchanged);
    assert.equal(other, 4);
    assert.match(stdout, /^Preview of shop\/dev: no changes\./);
    assert.match(
      why,
      /^OC5113: The preview is not the one that was reviewed: its fingerprint is [0-9a-f]{64}, expected /,
    );
  });

  it("exits with 1 for a failed preview, which it reports, whatever else is asked for", async () => {
    const fingerprint = "0".repeat(64);
    const [code, stdout, stderr] = await report(
      "--quiet-if-unchanged",
      "--fail-on",
      "deleted",
      "--expect-fingerprint",
      fingerprint,
      failed,
    );
    assert.equal(code, 1);
    assert.match(stdout, /^Preview of shop\/dev: failed, 1 error\..*\n.*OC1003: memoryLimit/);
    assert.match(stderr, /^OC5110: There is no whole preview in .*failed\.json\.txt: .*OC1003/);
    assert.equal((await report("--fingerprint", failed))[1], "");
  });

  it("reports several stacks, one that cannot be read among them, and exits with 1", async () => {
    const other = file("other.json", recording("changed.json").replaceAll("pulumi:dev", "pulumi:prod"));
    const empty = file("empty.json", "");
    const [code, stdout, stderr] = await report("--format", "json", unchanged, other, empty);
    assert.equal(code, 1);
    const stacks = stacksOf(stdout).map(({ stack, verdict, errors }) => [stack, verdict, errors.length]);
    assert.deepEqual(stacks, [
      ["dev", "unchanged", 0],
      ["prod", "changed", 0],
      [undefined, "failed", 1],
    ]);
    assert.match(stderr, /^OC5110: There is no whole preview in .*empty\.json: OC5101: .*empty\.json is empty\./);
    assert.equal((await report("--fingerprint", unchanged, other, empty))[1], "");
  });

  it("has one fingerprint for several stacks, which differs where one of theirs does", async () => {
    const prod = (name: string) => file(`${name}.prod`, recording(name).replaceAll("pulumi:dev", "pulumi:prod"));
    const [one, same, other] = await Promise.all([
      report("--fingerprint", changed, prod("unchanged.json")),
      report("--fingerprint", prod("unchanged.json"), changed),
      report("--fingerprint", unchanged, prod("unchanged.json")),
    ]);
    assert.match(one?.[1] ?? "", /^[0-9a-f]{64}\n$/);
    assert.equal(one?.[1], same?.[1]);
    assert.notEqual(one?.[1], other?.[1]);
  });

  const failures: Record<string, [args: string[], exitCode: number, message: RegExp]> = {
    "a file that is not there": [["nowhere.json"], 1, /^OC5105: Cannot read nowhere\.json: ENOENT/],
    "a folder": [["/"], 1, /^OC5105: Cannot read \/: EISDIR/],
    "an output that cannot be written": [
      ["--output", "/nowhere/report.md", unchanged],
      1,
      /^OC5106: Cannot write \/nowhere\/report\.md: ENOENT/,
    ],
    "an unknown finding": [
      ["--fail-on", "egress"],
      2,
      /^OC5107: --fail-on: got "egress", expected findings of egress-widened, /,
    ],
    "an inherited name as a finding": [["--fail-on", "toString"], 2, /^OC5107/],
    "no finding": [["--fail-on", ""], 2, /^OC5107: --fail-on: got ""/],
    "an unknown format": [["--format", "html"], 2, /^OC5108: --format: got "html", expected markdown, json, text/],
    "an empty fingerprint": [
      ["--expect-fingerprint", ""],
      2,
      /^OC5109: --expect-fingerprint: got "", expected 64 hex digits/,
    ],
    "an unknown option": [["--fail"], 2, /^OC5003/],
    "two previews of one stack": [
      [changed, unchanged],
      1,
      /^OC5111: .*changed\.json\.txt and .*unchanged\.json\.txt are both previews of shop\/dev\./,
    ],
  };
  for (const [what, [args, exitCode, message]] of Object.entries(failures)) {
    it(`fails with a code and one line for ${what}`, async () => {
      const [code, stdout, stderr] = await report(...args);
      assert.deepEqual([code, stdout], [exitCode, ""]);
      assert.match(stderr, message);
      assert.match(stderr, /^[^\n]+\.\n$|usage\.\n$/);
    });
  }
});
