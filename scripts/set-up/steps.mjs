/** @typedef {(what: string) => void} Say reports the progress of a step */

const quiet = 2_000; // ms until a step shows its progress
const beat = process.stdout.isTTY ? 500 : 15_000; // ms between progress lines

/**
 * Runs one named step of the set-up: prints its progress, and a line when it ends.
 * @param {string} name
 * @param {(say: Say) => Promise<string>} work returns the text of the closing line
 */
export async function step(name, work) {
  const began = Date.now();
  let doing = "";
  const show = () => {
    const line = `  … ${name}: ${doing || "working"} (${duration(Date.now() - began)})`;
    process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${line.slice(0, process.stdout.columns - 1)}` : `${line}\n`);
  };
  /** @type {NodeJS.Timeout | undefined} */
  let beats;
  const first = setTimeout(() => {
    show();
    beats = setInterval(show, beat);
  }, quiet);
  let mark = "✗";
  let note = "failed";
  try {
    note = await work((what) => {
      doing = what;
    });
    mark = "✓";
  } finally {
    clearTimeout(first);
    clearInterval(beats);
    const took = Date.now() - began > quiet ? ` (${duration(Date.now() - began)})` : "";
    process.stdout.write(`${process.stdout.isTTY ? "\r\x1b[K" : ""}  ${mark} ${name.padEnd(14)} ${note}${took}\n`);
  }
}

/** @param {number} ms */
export function duration(ms) {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** An expected error: printed without a stack trace. */
export class SetUpError extends Error {}
