import { spawnSync } from "node:child_process";
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { findingsOf, markdown, readPreview, reportOf } from "../../sdk/report";
import { type Planned, plain, previewJson } from "../support/report/planned";
import { counted, inTurn, type Row, timed } from "./measure";

const changed = 1_000;
const rounds = 9;
const sizes = [10, 100]; // MB
const command = join(__dirname, "../../dist/sdk/cli/index.js");
const parseAlone = 'JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"))';

/** A report of 1,000 changed containers beside parsing their JSON alone, and its memory over the size of a preview. */
export async function report(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "openai-containers-bench-"));
  try {
    const file = preview(folder, "replace", changed);
    const size = (statSync(file).size / 1e6).toFixed(1);
    const times = await inTurn(`report of ${changed} changed containers, ${size} MB (CPU)`, "ms", rounds, [
      ["JSON.parse alone", () => cpuOf(async () => JSON.parse(readFileSync(file, "utf8")))],
      ["report: read, findings, fingerprint, Markdown", () => cpuOf(() => reported(file))],
    ]);
    const commands = await inTurn("the same, as commands", "ms", rounds, [
      ["node: JSON.parse alone", () => timed(async () => ran(["-e", parseAlone, file]))],
      ["openai-containers report", () => timed(async () => ran([command, "report", "--format", "markdown", file]))],
    ]);
    return [...times, ...commands, ...memory(folder, "same"), ...memory(folder, "replace")];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The processor time that a piece of work takes, in milliseconds. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function ran(args: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1 << 24 });
  if (status !== 0) throw new Error(stderr);
}

async function reported(file: string): Promise<void> {
  const read = await readPreview(createReadStream(file, { highWaterMark: 1 << 20 }), file);
  const text = markdown([reportOf(read, findingsOf(read))], { failing: new Set(), isQuietIfUnchanged: false });
  if (!text.includes(`${changed} egress-widened`)) throw new Error(text.slice(0, 1_000));
}

/** The peak memory of the command, for previews of one kind of step; of a small one first, which is the floor. */
function memory(folder: string, op: string): Row[] {
  const perStep = statSync(preview(folder, op, 100)).size / 100;
  const figures = [1, ...sizes].map((megabytes): [string, number] => {
    const file = preview(folder, op, Math.round((megabytes * 1e6) / perStep));
    return [`${megabytes} MB`, peakMemory(file)];
  });
  return counted(`report: peak memory, steps "${op}"`, "MB", figures);
}

function peakMemory(file: string): number {
  const main = join(__dirname, "../../dist/sdk/cli/main.js");
  const program = `require(${JSON.stringify(main)}).main(["report", ${JSON.stringify(file)}], { stdout() {}, stderr() {} })
    .then((code) => console.log(JSON.stringify([code, process.resourceUsage().maxRSS])));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", program], { encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  const [code, kilobytes] = z.tuple([z.number(), z.number()]).parse(JSON.parse(stdout));
  if (code !== 0) throw new Error(`The report of ${file} ended with ${code}`);
  return kilobytes / 1024;
}

/** A preview as Pulumi prints it, with where each resource comes from. */
function preview(folder: string, op: string, count: number): string {
  const before = { ...plain, networkPolicy: { type: "allowlist", allowedDomains: ["api.github.com"] } };
  const after = {
    ...plain,
    networkPolicy: { type: "allowlist", allowedDomains: ["api.github.com", "uploads.github.com"] },
  };
  const trace = {
    stackTrace: Array.from({ length: 12 }, (_, at) => ({ sourcePosition: `project:///index.ts#${at},1` })),
  };
  const planned = Array.from({ length: count }, (_, at): Planned => {
    const outputs = { ...before, createdAt: 1_795_000_000, location: "openai:", name: `box-${at}`, status: "running" };
    const states = { oldState: { ...trace, outputs }, newState: { ...trace, outputs } };
    return { name: `box-${at}`, op, before, after: op === "same" ? before : after, ...states };
  });
  const file = join(folder, `${op}-${count}.json`);
  writeFileSync(file, JSON.stringify(previewJson(planned), null, 4));
  return file;
}
