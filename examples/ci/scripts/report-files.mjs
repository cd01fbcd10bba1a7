import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What report.sh wrote on one stack.
 * @typedef {object} Report
 * @property {string} markdown
 * @property {string | undefined} fingerprint none if the preview failed
 * @property {boolean} isUnremarkable whether nothing changes and there is no finding, so that live state was read too
 */

/**
 * @param {string} folder
 * @returns {Report}
 */
export function readReport(folder) {
  const markdown = readFileSync(join(folder, "report.md"), "utf8");
  const { stacks } = JSON.parse(readFileSync(join(folder, "report.json"), "utf8"));
  const [{ fingerprint, verdict, findings }] = stacks;
  return { markdown, fingerprint, isUnremarkable: verdict === "unchanged" && findings.length === 0 };
}
