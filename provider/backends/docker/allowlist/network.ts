import type { NetworkCreateOptions } from "dockerode";
import { BackendError } from "../../backend";
import type { Engine } from "../engine";
import { failureStatus, failureText } from "../engine-errors";
import { randomSubnet, type Subnet } from "./subnet";

const mostTries = 20;

/**
 * A network of a sandbox and its gateway alone, from which nothing leads out. `internal` is not enough: the host would
 * still answer on the bridge's address and so on all of its others; with `inhibit_ipv4` the bridge has none.
 */
export function networkSpec(name: string, { cidr }: Subnet, labels: Record<string, string>): NetworkCreateOptions {
  return {
    Name: name,
    Driver: "bridge",
    Internal: true,
    EnableIPv6: false,
    IPAM: { Driver: "default", Config: [{ Subnet: cidr }] },
    Options: { "com.docker.network.bridge.inhibit_ipv4": "true" },
    Labels: labels,
  };
}

/** Makes a network on addresses that no other network of the engine has. */
export async function makeNetwork({ client }: Engine, name: string, labels: Record<string, string>): Promise<Subnet> {
  for (let tries = 1; ; tries += 1) {
    const subnet = randomSubnet();
    try {
      await client.createNetwork(networkSpec(name, subnet, labels));
      return subnet;
    } catch (error) {
      if (!/overlap|already (used|allocated)/i.test(failureText(error))) throw error;
      if (tries < mostTries) continue;
      throw new BackendError(
        `No network is free for a sandbox with an allow list: ${tries} of 198.19.0.0/16, picked at random, were all taken`,
        "Remove networks of that range from the engine: `docker network ls` lists them",
        { cause: error },
      );
    }
  }
}

/** Makes a sandbox's network again, unless it is there. @returns whether it was made */
export async function ensureNetwork(
  { client }: Engine,
  id: string,
  subnet: Subnet,
  labels: Record<string, string>,
): Promise<boolean> {
  const network = client.getNetwork(id);
  try {
    await network.inspect();
    return false;
  } catch (error) {
    if (failureStatus(error) !== 404) throw error;
  }
  await client.createNetwork(networkSpec(id, subnet, labels));
  // The sandbox knows the old one by its engine's id.
  await network.disconnect({ Container: id, Force: true });
  await network.connect({ Container: id, EndpointConfig: { IPAMConfig: { IPv4Address: subnet.sandbox } } });
  return true;
}

/** What is gone already is no error. */
export async function removeNetwork({ client }: Engine, name: string): Promise<void> {
  await client
    .getNetwork(name)
    .remove()
    .catch((error: unknown) => {
      if (failureStatus(error) === 404) return;
      if (!/active endpoints|being used/.test(failureText(error))) throw error;
      throw new BackendError(
        `The network ${name} of a sandbox that is gone cannot be removed, as somebody connected other containers to it`,
        `\`docker network inspect ${name}\` lists them; take them off with \`docker network disconnect\`, and run this again`,
        { cause: error },
      );
    });
}
