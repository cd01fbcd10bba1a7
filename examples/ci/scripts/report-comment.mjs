/**
 * The hidden first line of a report, which names the project and the stack.
 * @param {string} report
 */
export function markerOf(report) {
  return report.slice(0, report.indexOf("\n")).trimEnd();
}

/**
 * The first of our comments or issues that has a report on the same stack.
 * @template {{ body: string, isOurs: boolean }} T
 * @param {AsyncIterable<T>} texts
 * @param {string} report
 * @returns {Promise<T | undefined>}
 */
export async function findReport(texts, report) {
  for await (const text of texts) {
    if (text.isOurs && markerOf(text.body) === markerOf(report)) return text;
  }
  return undefined;
}

/**
 * Adds the line that deployment reads. A report has no such line of its own, as it shows what others wrote as code.
 * @param {string} report
 * @param {string} head the commit that was previewed
 * @param {string} fingerprint of its changes
 */
export function withRecord(report, head, fingerprint) {
  return `${report.trimEnd()}\n\n<!-- reviewed ${head} ${fingerprint} -->\n`;
}

/**
 * What `withRecord` recorded.
 * @param {string} body
 */
export function recordIn(body) {
  const [, head, fingerprint] = /<!-- reviewed ([\da-f]+) ([\da-f]+) -->\s*$/.exec(body) ?? [];
  return head && fingerprint ? { head, fingerprint } : undefined;
}
