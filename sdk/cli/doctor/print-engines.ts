import { coded } from "../../../provider/codes";
import { type Attempt, type Engine, environmentSurvey, UnreachableError } from "../../../provider/command-line";
import type { Output } from "../command";
import { engineBlock } from "./engine-block";

/** Prints where Docker engines were looked for, which one is used and why, and what each that responds can enforce. */
export async function printEngines({ stdout }: Output): Promise<void> {
  const { attempts, decisive } = await environmentSurvey();
  const width = Math.max(...attempts.map(({ strategy }) => strategy.name.length)) + 2;
  const lines = attempts.map((attempt) => `  ${attempt.strategy.name.padEnd(width)}${outcome(attempt)}\n`);
  stdout(`\nDocker engines, in the order in which they are tried:\n\n${lines.join("")}\n${choice(decisive)}\n`);
  const used = decisive && engineOf(decisive);
  for (const engines of byLocation(attempts)) stdout(`\n${engineBlock(engines, used)}`);
  if (used?.opensVsock) stdout(`\n${coded("OC5019", vsockWarning(used.address))}\n`);
}

function outcome({ strategy, address, result }: Attempt): string {
  if (result === undefined) return "none";
  if (!(result instanceof UnreachableError)) return `${address}: ${result.description.product}`;
  if (!strategy.isExplicit && result.code === "OC2202") return `${address}: no socket`;
  return result.message;
}

function choice(decisive: Attempt | undefined): string {
  const elsewhere =
    "A stack's configuration and explicit providers can name another one; this command does not read them.";
  if (!decisive) return `No engine is used: none responds. Only containers on Docker need one. ${elsewhere}`;
  const { strategy, address, result } = decisive;
  if (result instanceof UnreachableError)
    return `No engine is used: ${strategy.name} decides, and what it names cannot be used. ${elsewhere}`;
  const why = strategy.isExplicit
    ? `${strategy.name} names it`
    : "no setting names one, and it is the first that responds at a usual socket";
  return `The engine at ${address} is used: ${why}. ${elsewhere}`;
}

/** The engines that respond. One that responds at several addresses is in one group. */
function byLocation(attempts: readonly Attempt[]): Engine[][] {
  const groups = new Map<string, Engine[]>();
  for (const engine of attempts.map(engineOf)) {
    if (engine) groups.set(engine.location, [...(groups.get(engine.location) ?? []), engine]);
  }
  return [...groups.values()];
}

function engineOf({ result }: Attempt): Engine | undefined {
  return result instanceof UnreachableError ? undefined : result;
}

function vsockWarning(address: string): string {
  return `The Docker engine at ${address} is older than version 23 and may let code in sandboxes open AF_VSOCK sockets.
If its host is a virtual machine, these reach services of the hypervisor. Upgrade the engine: docs/allow-lists.md, "Limits".`;
}
