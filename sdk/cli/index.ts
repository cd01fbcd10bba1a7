#!/usr/bin/env node
import { main } from "./main";

void main(process.argv.slice(2), {
  tell: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
