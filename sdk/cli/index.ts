#!/usr/bin/env node
import { coded } from "../../provider/codes";
import { main } from "./main";

process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
  // The reader of a pipe may close it early: `openai-containers egress cntr_… | head`.
  if (code === "EPIPE") process.exit();
  process.stderr.write(`${coded("OC5106", `Cannot write stdout: ${message}. Free space, or write elsewhere.`)}\n`);
  process.exit(1);
});

void main(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
