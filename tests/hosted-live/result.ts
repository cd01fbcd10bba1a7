import { differences, notDocumented, notTried } from "../contract/differences";

export type Row = keyof typeof differences;

const rows = Object.keys(differences).filter((key): key is Row => key in differences);

/** Why a row may not be observed. */
const reasons: Partial<Record<Row, string>> = {
  command: "needs a model: the endpoints of containers run no command",
  remains: "takes 21 minutes: --expiry",
};

/** What the API did in one cell, or why that was not tried. */
export type Result = { row: Row; note?: string } & ({ observed: string } | { notTried: string });

/** What the reference and the emulator say of a cell. */
export function expectedOf(row: Row): string {
  const { hosted } = differences[row];
  return hosted === notTried ? "yes" : hosted;
}

/** Of what is not documented nothing can be different. */
export function isDifferent(result: Result): boolean {
  const expected = expectedOf(result.row);
  return "observed" in result && expected !== notDocumented && result.observed !== expected;
}

/** In the order of the table, with the rows that were not observed. */
export function complete(results: readonly Result[]): Result[] {
  return rows.flatMap((row) => {
    const own = results.filter((result) => result.row === row);
    return own.length > 0 ? own : [{ row, notTried: reasons[row] ?? "no reference to compare with" }];
  });
}

/** The table: cell, what the reference and the emulator say, what the API did. */
export function resultTable(results: readonly Result[]): string {
  const lines = results.map((result) => [
    `${differences[result.row].what}${result.note ? ` (${result.note})` : ""}`,
    expectedOf(result.row),
    "observed" in result ? result.observed : "not tried",
    "notTried" in result ? result.notTried : isDifferent(result) ? "DIFFERENT" : "as expected",
  ]);
  const all = [["cell", "reference and emulator", "the API", ""], ...lines];
  const width = (column: number) => Math.max(...all.map((row) => (row[column] ?? "").length));
  const widths = [0, 1, 2].map(width);
  return all
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
