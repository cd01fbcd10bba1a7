/** The tables of docs/container.md. */

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
