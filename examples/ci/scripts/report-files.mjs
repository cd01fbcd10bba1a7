import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./run.mjs";
import { stackMarker } from "./stack-marker.mjs";

/**
 * What report.sh wrote about one stack.
 * @typedef {object} Report
 * @property {string} markdown its first line is the marker of the job's stack: a preview that failed early names none, and
 *   that of a fork may name another one
 * @property {string | undefined} fingerprint none if the preview failed
 * @property {boolean} isUnremarkable whether nothing changes and there is no finding, so that live state was read too
 */

/**
 * @param {string} folder
 * @returns {Report}
 */
export function readReport(folder) {
  const file = join(folder, "report.md");
  if (!existsSync(file)) throw new Failure(`There is no ${file}. See why report.sh did not write it.`);
  const { stacks } = JSON.parse(readFileSync(join(folder, "report.json"), "utf8"));
  const [{ fingerprint, verdict, findings }] = stacks;
  const isUnremarkable = verdict === "unchanged" && findings.length === 0;
  const markdown = readFileSync(file, "utf8").replace(/^.*/, stackMarker);
  return { markdown, fingerprint, isUnremarkable };
}
