// Writes what the documentation takes from the code: the codes of messages, in docs/troubleshooting.md.
import { readFileSync, writeFileSync } from "node:fs";
import { areas } from "../dist/provider/codes/areas.js";
import { withCodes } from "./troubleshooting-page.mjs";

const page = new URL("../docs/troubleshooting.md", import.meta.url);
writeFileSync(page, withCodes(readFileSync(page, "utf8"), areas));
