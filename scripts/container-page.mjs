import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** Writes the tables of docs/container.md: `npm run build && node scripts/container-page.mjs`. */

/**
 * @typedef {{ description?: string | undefined, default?: unknown, enum?: unknown[] | undefined }} Property
 * @param {string} page docs/container.md
 * @param {{ properties?: Record<string, unknown> }} schema of the arguments, as JSON Schema
 * @param {string} source of sdk/container.ts, whose comments describe the outputs
 * @returns {string} the page with its tables as they should be
 */
export function withTables(page, schema, source) {
  const args = ["| argument | values | default | |", "| - | - | - | - |", ...argumentRows(schema)];
  const outputs = ["| output | |", "| - | - |", ...outputRows(source)];
  return replaced(replaced(page, "arguments", args), "outputs", outputs);
}

/** @param {{ properties?: Record<string, unknown> }} schema */
function argumentRows({ properties = {} }) {
  return Object.entries(properties).map(([name, property]) => {
    const { description = "", default: preset, enum: values = [] } = /** @type {Property} */ (property);
    const words = values.map((value) => `\`${value}\``).join(" ");
    return row(`\`${name}\``, words, preset === undefined ? "" : `\`${JSON.stringify(preset)}\``, description);
  });
}

/** @param {string} source */
function outputRows(source) {
  const found = source.matchAll(/\/\*\*((?:(?!\*\/).)*)\*\/\s*declare readonly (\w+):/gs);
  const id = row("`id`", "`cntr_` and 48 hex digits; on Docker also the engine's name of the container.");
  return [id, ...Array.from(found, ([, comment = "", name]) => row(`\`${name}\``, comment.replace(/[\s*]+/g, " ")))];
}

/** @param {string[]} cells */
function row(...cells) {
  return `| ${cells.map((cell) => cell.trim()).join(" | ")} |`;
}

/**
 * @param {string} page
 * @param {string} name
 * @param {string[]} rows
 */
function replaced(page, name, rows) {
  const table = new RegExp(`(<!-- ${name}: .*? -->\n)(?:\\|.*\n)+(?=<!-- end of ${name} -->)`);
  return page.replace(table, (_, start) => `${start}${rows.join("\n")}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const require = createRequire(import.meta.url);
  const { containerSchema } = require("../dist/provider/model/container.js");
  const page = fileURLToPath(new URL("../docs/container.md", import.meta.url));
  const source = readFileSync(new URL("../sdk/container.ts", import.meta.url), "utf8");
  const schema = require("zod").z.toJSONSchema(containerSchema, { io: "input" });
  writeFileSync(page, withTables(readFileSync(page, "utf8"), schema, source));
}
