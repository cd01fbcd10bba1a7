import { createInterface } from "node:readline/promises";
import type { Candidate } from "../../../provider/command-line";
import { CommandError, type Output } from "../command";
import { candidateLine } from "./candidate-line";

/** Asks a question; undefined at the end of the input. */
export type Ask = (question: string) => Promise<string | undefined>;

/**
 * Lists containers with numbers, and lets the person at the terminal choose.
 * @throws CommandError where nothing was chosen
 */
export async function choose(candidates: readonly Candidate[], ask: Ask, { stderr }: Output): Promise<Candidate[]> {
  const width = String(candidates.length).length;
  for (const [index, candidate] of candidates.entries())
    stderr(`${String(index + 1).padStart(width)}  ${candidateLine(candidate)}\n`);
  for (;;) {
    const answer = await ask("Import which (1,3-5 or all)? ");
    if (answer === undefined) throw new CommandError("OC5207", "No container was chosen", "Nothing was changed");
    const numbers = numbersIn(answer, candidates.length);
    if (numbers) return candidates.filter((_, index) => numbers.has(index + 1));
    stderr(`Type numbers from 1 to ${candidates.length}, such as 1,3-5, or all. Ctrl-C cancels.\n`);
  }
}

/** The numbers of `1,3-5` or `all`; undefined for an answer that is no choice. */
export function numbersIn(answer: string, count: number): Set<number> | undefined {
  const text = answer.trim().toLowerCase() === "all" ? `1-${count}` : answer;
  const chosen = new Set<number>();
  for (const part of text.split(",")) {
    const [, first = "", last = first] = /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (from < 1 || to > count || from > to) return undefined;
    for (let number = from; number <= to; number += 1) chosen.add(number);
  }
  return chosen;
}

/** Whether a person can be asked. */
export function isTerminal(): boolean {
  return Boolean(process.stdin.isTTY && process.stderr.isTTY);
}

/** Asks at the terminal; on stderr, as stdout is for results. */
export async function askAtTerminal(question: string): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<undefined>((resolve) => lines.once("close", () => resolve(undefined)));
  try {
    return await Promise.race([lines.question(question), closed]);
  } finally {
    lines.close();
  }
}
