import { backendKinds } from "./backends";
import { ContainerProvider } from "./container-provider";
import { PulumiLog } from "./pulumi-log";

/**
 * The provider of containers, in the process that Pulumi starts for dynamic resources. State names this module for
 * ever (`pulumi-openai-containers/provider`), so neither its path nor this export may be renamed. Pulumi passes the
 * address of its engine, `127.0.0.1:43211`, as the process's last argument.
 */
export const provider = new ContainerProvider(
  backendKinds,
  new PulumiLog(process.argv.at(-1)?.match(/^[\w.-]+:\d+$/)?.[0]),
);
