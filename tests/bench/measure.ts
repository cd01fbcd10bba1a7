/** One line of a benchmark's table: a thing measured some times, in the same run as what it stands beside. */
export interface Row {
  benchmark: string;
  what: string;
  unit: "ms" | "bytes" | "modules" | "requests" | "s" | "containers";
  median: number;
  min: number;
  max: number;
  /** To the first row of the benchmark, which is the floor, round by round. */
  ratio: number | undefined;
}

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
  const figures = candidates.map((): number[] => []);
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, [, run]] of candidates.entries()) {
      const figure = await run();
      if (round >= 0) figures[index]?.push(figure); // the first round warms up
    }
  }
  const floor = figures[0] ?? [];
  return candidates.map(([what], index) => {
    const all = figures[index] ?? [];
    const ratios = all.map((figure, round) => figure / (floor[round] ?? Number.NaN));
    const ratio = index === 0 ? undefined : median(ratios);
    return { benchmark, what, unit, median: median(all), min: Math.min(...all), max: Math.max(...all), ratio };
  });
}

/** Figures that are counted, not timed, so that once is enough; the floor first. */
export function counted(benchmark: string, unit: Row["unit"], figures: [what: string, figure: number][]): Row[] {
  const floor = figures[0]?.[1] ?? Number.NaN;
  return figures.map(([what, figure], index) => {
    const ratio = index === 0 || floor === 0 ? undefined : figure / floor;
    return { benchmark, what, unit, median: figure, min: figure, max: figure, ratio };
  });
}

/** How long a piece of work takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - began) / 1e6;
}

function median(figures: number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
