import type { ContainerInspectInfo } from "dockerode";
import { BackendError } from "../../backend";
import type { Engine } from "../engine/engine";
import { failureStatus, failureText } from "../engine/failure";
import type { SandboxAllowList } from "./labels";
import { type Networked, networksOf } from "./network-config";

/** What is left to support of sandboxes that earlier releases created. */

/**
 * Whether a sandbox is on a network that is named after it: an earlier build connected a sandbox with an allow list to its gateway
 * by such a network, over which it can send packets to the engine's host.
 */
export function isOnOwnNetwork(id: string, container: Networked): boolean {
  return networksOf(container).includes(id);
}

/**
 * Removes that network. One that does not exist is no error.
 * @throws BackendError where other containers are connected to it, and the client's error for anything else
 */
export async function removeOwnNetwork({ client }: Engine, id: string): Promise<void> {
  await client
    .getNetwork(id)
    .remove()
    .catch((error: unknown) => {
      if (failureStatus(error) === 404) return;
      if (!/active endpoints|being used/.test(failureText(error))) throw error;
      throw new BackendError(
        "OC2307",
        `Cannot remove the network ${id} of a deleted sandbox: other containers are connected to it`,
        `Disconnect the containers that \`docker network inspect ${id}\` lists (\`docker network disconnect\`), and run the same command again`,
        { cause: error },
      );
    });
}

/** The allow list of a sandbox whose release wrote it into no labels: its domains are in its hosts, its placeholders in its environment. */
export function unlabelledAllowList({ Config, HostConfig }: ContainerInspectInfo): SandboxAllowList {
  const hosts: string[] = HostConfig.ExtraHosts ?? [];
  const environment: string[] = Config.Env ?? []; // an engine reports an empty list as null
  const pairs = environment.map((line) => /^(\w+)=(placeholder-[\da-f]{32})$/.exec(line) ?? []);
  return {
    allowedDomains: hosts.map((line) => line.slice(0, line.indexOf(":"))),
    placeholders: new Map(
      pairs.flatMap(([, name, placeholder]) => (name && placeholder ? [[name, placeholder] as const] : [])),
    ),
  };
}
