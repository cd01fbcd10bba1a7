import { isIPv4 } from "node:net";
import type Docker from "dockerode";
import type { ContainerInspectInfo } from "dockerode";
import { BackendError } from "../../../backend";
import type { Engine } from "../../engine/engine";
import { failureText } from "../../engine/engine-errors";
import { gatewaySpec } from "./gateway-spec";
import { program, programFolder } from "./program";

/** Makes a sandbox's gateway. @param volume the one of the sandbox's lifeline */
export async function makeGateway({ client }: Engine, id: string, image: string, volume: string): Promise<void> {
  const gateway = await client.createContainer(gatewaySpec(id, image, volume));
  await gateway.putArchive(await program(), { path: programFolder });
}

/** Starts it, or, where it runs, begins anew: it lets nothing pass until it has its sockets and its policy. */
export async function startGateway(gateway: Docker.Container, image: string): Promise<void> {
  try {
    await restart(gateway);
  } catch (error) {
    if (!/executable file not found|"node"/.test(failureText(error))) throw error;
    throw new BackendError(
      "OC0000",
      `The image ${JSON.stringify(image)} has no \`node\`, of which gateways of allow lists are made`,
      "Set openai-containers:gatewayImage to an image with Node 20.19 or newer, or leave it out",
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

/** Of a log's end: each thousand lines the gateway says again that its policy is in force, whatever else it has to say. */
export const telling = 2500;

/** Whether a gateway that started a short time ago has been given a policy since. */
export async function hasPolicy(gateway: Docker.Container, startedAt: string): Promise<boolean> {
  const since = Date.parse(startedAt);
  // An engine takes whole seconds, in which a process before this one may have had its policy.
  const log = await gateway.logs({ stdout: true, since: Math.floor(since / 1000), tail: telling });
  return tellsOfPolicy(String(log), since);
}

export function tellsOfPolicy(log: string, since: number): boolean {
  const taken = log.matchAll(/\{"time":"([^"]+)"[^\n]*"event":"policy(?: in force)?"/g);
  return [...taken].some(([, time = ""]) => Date.parse(time) >= since);
}

/** The network that a gateway is on by its making, in Docker's and in Podman's name for it: it dials nothing there. */
export function ownSubnets({ NetworkSettings }: ContainerInspectInfo): string[] {
  return ["bridge", "podman"].flatMap((name) => {
    const { IPAddress = "", IPPrefixLen = 0 } = NetworkSettings.Networks[name] ?? {};
    return isIPv4(IPAddress) ? [`${IPAddress}/${IPPrefixLen}`] : [];
  });
}
