import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { create } from "./create";
import { createAllowlist } from "./create-allowlist";
import { egress } from "./egress";
import { files } from "./files";
import { hostedCreate } from "./hosted-create";
import { hostedLook } from "./hosted-look";
import { importing } from "./import";
import type { Row } from "./measure";
import { preview } from "./preview";
import { programStart } from "./program-start";
import { report } from "./report";
import { scale } from "./scale";
import { skills } from "./skills";
import { stateSize } from "./state-size";
import { up } from "./up";
import { watchdog } from "./watchdog";

const benchmarks: Record<string, () => Promise<Row[]>> = {
  create,
  "create-allowlist": createAllowlist,
  egress,
  files,
  "hosted-create": hostedCreate,
  "hosted-look": hostedLook,
  import: importing,
  preview,
  "program-start": programStart,
  report,
  scale,
  skills,
  "state-size": stateSize,
  up,
  watchdog,
};

/** After the point; what is counted has none. */
const digits: Partial<Record<Row["unit"], number>> = { ms: 2, s: 1, "%": 2, MB: 2, µs: 1 };

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { json: { type: "string" } }, allowPositionals: true });
  const names = positionals.length > 0 ? positionals : Object.keys(benchmarks);
  const rows: Row[] = [];
  for (const name of names) {
    const run = benchmarks[name];
    if (!run) throw new Error(`No benchmark ${name}: there are ${Object.keys(benchmarks).join(", ")}`);
    const found = await run();
    rows.push(...found);
    for (const row of found) print(row);
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
}

function print({ benchmark, what, unit, median, min, max, ratio }: Row): void {
  const figure = (value: number) => value.toFixed(digits[unit] ?? 0);
  const beside = ratio === undefined ? "" : `  ${ratio.toFixed(2)}×`;
  const range = min === max ? "" : ` (${figure(min)}–${figure(max)})`;
  process.stdout.write(`${benchmark.padEnd(48)} ${what.padEnd(48)} ${figure(median)} ${unit}${range}${beside}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
