import type { Report } from "../../backend";

const noticeAfterMs = 2_000;

/** Awaits work, and reports progress if that takes long enough to be noticed. */
export async function withSlowNotice<T>(report: Report, text: string, work: Promise<T>): Promise<T> {
  const timer = setTimeout(() => report.progress(text), noticeAfterMs);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
