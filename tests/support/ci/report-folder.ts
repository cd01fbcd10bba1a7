import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const fingerprint = "0123456789abcdef".repeat(4);
export const marker = "<!-- openai-containers report: ci/dev -->";

/** A folder as report.sh writes it, for tests of what is done with a report. */
export class ReportFolder {
  readonly path = mkdtempSync(join(tmpdir(), "report-"));

  /** @param text the report below its marker */
  write(text: string, { verdict = "changed", findings = [{ id: "replaced" }] as object[] } = {}): string {
    const failed = verdict === "failed";
    const stack = { verdict, findings, ...(!failed && { fingerprint }) };
    writeFileSync(join(this.path, "report.md"), `${marker}\n${text}\n`);
    writeFileSync(join(this.path, "report.json"), JSON.stringify({ version: 1, stacks: [stack] }));
    return this.path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
