import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline/promises";
import { BackendError } from "../../provider/backends/backend";
import { observeCells } from "./cells";
import { runContract } from "./contract";
import { observeExpiry } from "./expiry-cells";
import { LiveAccount } from "./live-account";
import { type Options, optionsFrom, usage } from "./options";
import { countOf, planOf, planText } from "./plan";
import { removeAll } from "./removal";
import { complete, isDifferent, type Result, resultTable } from "./result";

const say = (text: string) => void process.stdout.write(`${text}\n`);

/**
 * Checks the hosted column of the table of differences, and the contract of backends, on the API that the environment names.
 * @returns the exit code: 0 where everything is as expected, 1 where something differs or remains, 2 where nothing was sent,
 * 130 after a signal
 */
export async function run(args: string[]): Promise<number> {
  let options: Options;
  try {
    options = optionsFrom(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}\n`);
    return 2;
  }
  const ending = new AbortController();
  const plan = planOf(options);
  const account = new LiveAccount(process.env, options.requestsPerMinute, countOf(plan), ending.signal);
  try {
    await account.open();
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  say(planText(plan, account.address));
  if (!options.yes && !(await isConfirmed())) {
    process.stderr.write("Nothing was sent, as the costs are not confirmed. Add --yes, or answer y on a terminal.\n");
    return 2;
  }
  onSignal(account, ending);
  const isRight = await checked(account, options).catch((error: unknown) => {
    if (!ending.signal.aborted) say(`Failed: ${error instanceof Error ? error.message : error}`);
    return false;
  });
  const remaining = await removeAll(account);
  const count = account.created.creations.reduce((sum, { ids }) => sum + ids.size, 0);
  if (remaining.length > 0) say(`Could not be removed:\n${remaining.map((line) => `  ${line}`).join("\n")}`);
  else say(`Created ${count} containers, and removed them all.`);
  if (ending.signal.aborted) return 130;
  return isRight && remaining.length === 0 ? 0 : 1;
}

async function isConfirmed(): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question("Create them? [y/N] ");
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** The first signal ends the checks, and the removal begins; the second one ends that too. */
function onSignal(account: LiveAccount, ending: AbortController): void {
  const end = () => {
    if (!ending.signal.aborted) {
      say("Interrupted: removing what was created. Another signal leaves it.");
      ending.abort();
      return;
    }
    say(`Left, some of them perhaps removed: ${account.created.left("").join(" ")}`);
    process.exit(130);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, end);
}

/** @returns whether everything is as expected */
async function checked(account: LiveAccount, options: Options): Promise<boolean> {
  const name = `oc-live-${randomBytes(4).toString("hex")}`;
  let results: Result[] = [];
  let contract = { passed: 0, failed: 0 };
  if (options.cells) {
    say("Observing the cells of the table");
    results = await observeCells(account, name);
    if (options.expiry) results.push(...(await observeExpiry(account, name, say)));
    results = complete(results);
  }
  account.ending.throwIfAborted();
  if (options.contract) {
    say("Running the contract of backends");
    contract = await runContract(account, options.expiry, say);
  }
  if (account.ending.aborted) return false;
  if (options.cells) say(`\n${resultTable(results)}\n`);
  const different = results.filter(isDifferent).length;
  const notTried = results.filter((result) => "notTried" in result).length;
  const expected = results.length - different - notTried;
  if (options.cells) say(`Cells: ${expected} as expected, ${different} different, ${notTried} not tried`);
  if (options.contract) say(`Contract: ${contract.passed} passed, ${contract.failed} failed`);
  return different === 0 && contract.failed === 0;
}
