import type { dynamic } from "@pulumi/pulumi";
import { backendKinds } from "./backends";
import { ContainerProvider } from "./host/container-provider";
import { PulumiLog } from "./host/pulumi-log";
import { currentRun, journalFolder } from "./host/run";
import { watchEngine } from "./host/watch-engine";
import { Journal } from "./lifecycle/journal/journal";

/** Pulumi passes the address of its engine, `127.0.0.1:43211`, as the process's last argument. */
const engine = process.argv.at(-1)?.match(/^[\w.-]+:\d+$/)?.[0];

const log = new PulumiLog(engine);
const { runWarning } = log.at(undefined);
const journal = new Journal(journalFolder(process.env), currentRun(process.env, engine), runWarning);
const containers = new ContainerProvider(backendKinds, log, journal);

/**
 * The provider of containers, in the process that Pulumi starts for dynamic resources. State names this module for
 * good (`pulumi-openai-containers/provider`), so neither its path nor this export may be renamed. Its type is Pulumi's
 * contract alone, so that the published declarations need those of no other package.
 */
export const provider: dynamic.ResourceProvider<Record<string, unknown>, Record<string, unknown>> = containers;

// Pulumi ends each run with SIGINT, and kills a process that is still there five seconds later. A second Ctrl-C sends it early.
process.once("SIGINT", () => {
  setTimeout(leave, 4_500);
  containers.end().catch(reportFailure).then(leave);
});
watchEngine(engine, () => containers.abandon().catch(reportFailure).then(leave));

function leave(): void {
  process.exit(130);
}

function reportFailure(error: Error): void {
  process.stderr.write(`pulumi-openai-containers failed to shut down in order: ${error.stack}\n`);
}
