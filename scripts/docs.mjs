// Writes what the documentation takes from the code: the codes of messages, in docs/troubleshooting.md, and the tables of
// docs/container.md.
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { areas } from "../dist/provider/codes/areas.js";
import { containerSchema } from "../dist/provider/model/container.js";
import { withTables } from "./container-tables.mjs";
import { withCodes } from "./troubleshooting-page.mjs";

rewrite("docs/troubleshooting.md", (page) => withCodes(page, areas));

const comments = readFileSync(new URL("../sdk/container.ts", import.meta.url), "utf8");
rewrite("docs/container.md", (page) => withTables(page, z.toJSONSchema(containerSchema, { io: "input" }), comments));

/** @param {string} name @param {(page: string) => string} change */
function rewrite(name, change) {
  const file = new URL(`../${name}`, import.meta.url);
  writeFileSync(file, change(readFileSync(file, "utf8")));
}
