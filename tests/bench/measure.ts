/** One line of a benchmark's table: a thing measured some times, in the same run as what it stands beside. */
export interface Row {
  benchmark: string;
  what: string;
  unit:
    | "ms"
    | "bytes"
    | "modules"
    | "requests"
    | "s"
    | "containers"
    | "%"
    | "MB"
    | "MB/s"
    | "requests/s"
    | "µs"
    | "connections"
    | "files";
  median: number;
  min: number;
  max: number;
  /** To the first row of the benchmark, which is the floor, round by round. */
  ratio: number | undefined;
}

/** What was measured, and its figures, round by round. */
export type Measured = [what: string, figures: number[]];

/**
 * Runs the candidates in turn, round by round, so that a machine which slows down slows all of them.
 * @param candidates what to measure, the floor first; each gives its figure, or is timed if it gives none
 */
export async function inTurn(
  benchmark: string,
  unit: Row["unit"],
  rounds: number,
  candidates: [what: string, run: () => Promise<number>][],
): Promise<Row[]> {
  return rowsOf(benchmark, unit, await measured(rounds, candidates));
}

/** The same, for figures that are to stand beside more than one floor. */
export async function measured(
  rounds: number,
  candidates: [what: string, run: () => Promise<number>][],
): Promise<Measured[]> {
  const all = candidates.map(([what]): Measured => [what, []]);
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, [, run]] of candidates.entries()) {
      const figure = await run();
      if (round >= 0) all[index]?.[1].push(figure); // the first round warms up
    }
  }
  return all;
}

/** Figures that are counted, not timed, so that once is enough; the floor first. */
export function counted(benchmark: string, unit: Row["unit"], figures: [what: string, figure: number][]): Row[] {
  const once = figures.map(([what, figure]): Measured => [what, [figure]]);
  return rowsOf(benchmark, unit, once);
}

/** A benchmark's rows; the floor first. */
export function rowsOf(benchmark: string, unit: Row["unit"], all: Measured[]): Row[] {
  const floor = all[0]?.[1] ?? [];
  return all.map(([what, figures], index) => {
    const ratios = figures.map((figure, round) => figure / (floor[round] ?? Number.NaN));
    // What adds nothing, or less than other work on the machine does, is no floor to divide by.
    const ratio = index === 0 || floor.some((figure) => figure <= 0) ? undefined : median(ratios);
    return {
      benchmark,
      what,
      unit,
      median: median(figures),
      min: Math.min(...figures),
      max: Math.max(...figures),
      ratio,
    };
  });
}

/** How long a piece of work takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - began) / 1e6;
}

export function median(figures: number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
