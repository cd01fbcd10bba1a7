import { isIPv4 } from "node:net";
import type Docker from "dockerode";
import type { ContainerInspectInfo } from "dockerode";
import { BackendError } from "../../../backend";
import type { Engine } from "../../engine/engine";
import { failureText } from "../../engine/failure";
import { gatewayProgram, programFolder } from "./gateway-program";
import { gatewaySpec } from "./gateway-spec";

/** Creates a sandbox's gateway, with its program. @param volume the one of the sandbox's lifeline @throws the client's error */
export async function createGateway({ client }: Engine, id: string, image: string, volume: string): Promise<void> {
  const gateway = await client.createContainer(gatewaySpec(id, image, volume));
  await gateway.putArchive(await gatewayProgram(), { path: programFolder });
}

/**
 * Starts a gateway, or restarts it. It passes no traffic before it has its listeners and its policy.
 * @throws BackendError where its image has no Node, and the client's error
 */
export async function startGateway(gateway: Docker.Container, image: string): Promise<void> {
  try {
    await restart(gateway);
  } catch (error) {
    if (!/executable file not found|"node"/.test(failureText(error))) throw error;
    throw new BackendError(
      "OC2302",
      `The gateway image ${JSON.stringify(image)} has no \`node\`: the gateways of allow lists run on Node`,
      "Set openai-containers:gatewayImage to an image with Node 20.19 or newer, or unset it",
      { cause: error },
    );
  }
}

async function restart(gateway: Docker.Container): Promise<void> {
  try {
    await gateway.restart({ t: 0 });
  } catch (error) {
    // Podman: "unable to restart a container in a paused or unknown state"
    if (!/paused/.test(failureText(error))) throw error;
    await gateway.unpause();
    await gateway.restart({ t: 0 });
  }
}

/** How much of a log's end is read. A gateway repeats that its policy is in force every thousand lines. */
export const policyLogLines = 2500;

/** Whether a gateway that was started a short time ago has applied a policy since. @throws the client's error */
export async function hasPolicy(gateway: Docker.Container, startedAt: string): Promise<boolean> {
  const since = Date.parse(startedAt);
  // An engine takes whole seconds, which may include the policy of the process before.
  const log = await gateway.logs({ stdout: true, since: Math.floor(since / 1000), tail: policyLogLines });
  return logShowsPolicy(String(log), since);
}

export function logShowsPolicy(log: string, since: number): boolean {
  const applied = log.matchAll(/\{"time":"([^"]+)"[^\n]*"event":"policy(?: in force)?"/g);
  return [...applied].some(([, time = ""]) => Date.parse(time) >= since);
}

/** The subnet of the network that a gateway is created on, by Docker's and Podman's name of it, in which it connects to nothing. */
export function ownSubnets({ NetworkSettings }: ContainerInspectInfo): string[] {
  return ["bridge", "podman"].flatMap((name) => {
    const { IPAddress = "", IPPrefixLen = 0 } = NetworkSettings.Networks[name] ?? {};
    return isIPv4(IPAddress) ? [`${IPAddress}/${IPPrefixLen}`] : [];
  });
}
