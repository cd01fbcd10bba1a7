/** @typedef {(what: string) => void} Say */

const quiet = 2_000; // ms that a step may take before it must show that it moves
const beat = process.stdout.isTTY ? 500 : 15_000; // ms between signs of life

/**
 * Runs one named step of the set-up: a line when it ends, and signs of life while it lasts.
 * @param {string} name
 * @param {(say: Say) => Promise<string>} work returns what the closing line says
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

/** A message for the person at the terminal: printed without a stack trace. */
export class SetUpError extends Error {}
