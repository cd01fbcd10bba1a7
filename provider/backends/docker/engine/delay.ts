import type { Report } from "../../backend";

const unnoticed = 2_000; // ms

/** Says what is waited for, where that takes long enough to be noticed. */
export async function tellingOfDelay<T>(report: Report, text: string, work: Promise<T>): Promise<T> {
  const timer = setTimeout(() => report.progress(text), unnoticed);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
