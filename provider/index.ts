import { backendKinds } from "./backends";
import { ContainerProvider } from "./container-provider";
import { Journal } from "./lifecycle/journal";
import { PulumiLog } from "./pulumi-log";
import { currentRun, journalFolder } from "./run";

/**
 * The provider of containers, in the process that Pulumi starts for dynamic resources. State names this module for
 * ever (`pulumi-openai-containers/provider`), so neither its path nor this export may be renamed. Pulumi passes the
 * address of its engine, `127.0.0.1:43211`, as the process's last argument.
 */
const engine = process.argv.at(-1)?.match(/^[\w.-]+:\d+$/)?.[0];

export const provider = new ContainerProvider(
  backendKinds,
  new PulumiLog(engine),
  new Journal(journalFolder(process.env), currentRun(process.env, engine)),
);

// Pulumi ends each run with SIGINT, and kills what has not gone five seconds later. It comes early at a second Ctrl-C.
process.once("SIGINT", () => {
  const leave = () => process.exit(130);
  setTimeout(leave, 4_500);
  provider.end().then(leave);
});
