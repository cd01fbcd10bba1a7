import { isIPv4 } from "node:net";
import type Docker from "dockerode";
import type { ContainerInspectInfo } from "dockerode";
import { BackendError } from "../../backend";
import type { Engine } from "../engine";
import { failureText } from "../engine-errors";
import { gatewaySpec } from "./gateway-spec";
import { program, programFolder } from "./program";
import type { Subnet } from "./subnet";

/** Makes a sandbox's gateway on its network, and starts it. It lets nothing pass yet. */
export async function makeGateway({ client }: Engine, id: string, image: string, subnet: Subnet): Promise<void> {
  const gateway = await client.createContainer(gatewaySpec(id, image, subnet));
  const EndpointConfig = { IPAMConfig: { IPv4Address: subnet.gateway } };
  await client.getNetwork(id).connect({ Container: gateway.id, EndpointConfig });
  await gateway.putArchive(await program(), { path: programFolder });
  await startGateway(gateway, image);
}

export async function startGateway(gateway: Docker.Container, image: string): Promise<void> {
  try {
    await gateway.start();
  } catch (error) {
    if (!/executable file not found|"node"/.test(failureText(error))) throw error;
    throw new BackendError(
      `The image ${JSON.stringify(image)} has no \`node\`, of which gateways of allow lists are made`,
      "Set openai-containers:gatewayImage to an image with Node 20.19 or newer, or leave it out",
      { cause: error },
    );
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

/** The networks that a gateway is on by its making: it dials nothing there. */
export function ownSubnets(id: string, { NetworkSettings }: ContainerInspectInfo): string[] {
  return ["bridge", id].flatMap((name) => {
    const { IPAddress = "", IPPrefixLen = 0 } = NetworkSettings.Networks[name] ?? {};
    return isIPv4(IPAddress) ? [`${IPAddress}/${IPPrefixLen}`] : [];
  });
}
