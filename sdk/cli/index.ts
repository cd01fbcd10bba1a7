#!/usr/bin/env node
import { main } from "./main";

// Whoever reads may have read enough: `openai-containers egress cntr_… | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

void main(process.argv.slice(2), {
  tell: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
