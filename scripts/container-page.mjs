import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { withTables } from "./container-tables.mjs";

// Writes the tables of docs/container.md: `npm run build && node scripts/container-page.mjs`.

const require = createRequire(import.meta.url);
const { containerSchema } = require("../dist/provider/model/container.js");
const page = fileURLToPath(new URL("../docs/container.md", import.meta.url));
const source = readFileSync(new URL("../sdk/container.ts", import.meta.url), "utf8");
const schema = require("zod").z.toJSONSchema(containerSchema, { io: "input" });
writeFileSync(page, withTables(readFileSync(page, "utf8"), schema, source));
