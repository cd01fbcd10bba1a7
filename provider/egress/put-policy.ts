import { setTimeout as sleep } from "node:timers/promises";
import { longestPolicy, parsePolicy } from "./policy";
import { isTaken, writePolicyFile } from "./policy-file";

/** `node put-policy.js <policy file>`, with the policy on its standard input: prints `ok` when the gateway runs on it. */

const patience = 10_000; // ms for the gateway to take it

async function main([file, ...more]: string[]): Promise<void> {
  if (file === undefined || more.length > 0) throw new Error("usage: node put-policy.js <policy file>");
  const json = await standardInput();
  parsePolicy(json);
  await writePolicyFile(file, json);
  const end = Date.now() + patience;
  while (!(await isTaken(file))) {
    if (Date.now() > end) throw new Error("the gateway does not take the policy");
    await sleep(20);
  }
}

async function standardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > longestPolicy) throw new Error("the policy is too long");
    chunks.push(bytes);
  }
  return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
}

main(process.argv.slice(2)).then(
  () => process.stdout.write("ok\n"),
  (error: Error) => {
    process.stdout.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
