import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const fingerprint = "0123456789abcdef".repeat(4);
export const marker = "<!-- openai-containers report: ci/dev -->";

interface Contents {
  verdict?: "failed" | "changed" | "unchanged";
  /** Their ids. */
  findings?: string[];
  /** The first line. A preview that failed before it named its stack has its file's name there. */
  firstLine?: string;
}

/** A folder as report.sh writes it, for tests of what is done with a report. */
export class ReportFolder {
  readonly path = mkdtempSync(join(tmpdir(), "report-"));

  /** @param text the report below its marker */
  write(text: string, { verdict = "changed", findings = ["replaced"], firstLine = marker }: Contents = {}): void {
    const stack = { verdict, findings: findings.map((id) => ({ id })), ...(verdict !== "failed" && { fingerprint }) };
    writeFileSync(join(this.path, "report.md"), `${firstLine}\n${text}\n`);
    writeFileSync(join(this.path, "report.json"), JSON.stringify({ version: 1, stacks: [stack] }));
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
