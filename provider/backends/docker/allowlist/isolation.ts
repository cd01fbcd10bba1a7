import { randomBytes } from "node:crypto";
import { isIPv4 } from "node:net";
import { z } from "zod";
import { BackendError } from "../../backend";
import type { Engine } from "../engine";
import { removeContainer } from "../remove";
import { locks, lowPorts, programOf } from "./gateway-spec";
import { makeNetwork, removeNetwork } from "./network";
import { program, programFolder } from "./program";
import { attachedTo } from "./sandbox-side";

/** What tells the network and the container of a proof. */
export const proofLabel = "openai-containers.isolation-proof";

const oldest = 300_000; // ms since the beginning of a proof that may still go on

/**
 * Proves that a network of a sandbox leads nowhere on this engine: a program that looks for ways out is put on one of its
 * own, made just as those are. Engines differ: some drop the options that close it, and say nothing.
 * @throws BackendError with what it has found
 */
export async function proveIsolation(engine: Engine, image: string): Promise<void> {
  await removeLeftOver(engine);
  const name = `openai-containers-proof-${randomBytes(8).toString("hex")}`;
  try {
    const found = await probe(engine, image, name);
    if (found.length === 0) return;
    throw new BackendError(
      `The Docker engine at ${engine.address} does not isolate a network: from one that should lead nowhere, a container reaches ${found.join(", ")}`,
      "An allow list could be got round there, so none is offered: use Docker Engine 20.10 or newer with its default network driver",
    );
  } finally {
    await removeContainer(engine, name);
    await removeNetwork(engine, name);
  }
}

/** Of proofs that were killed. Others may be going on: those are younger. */
async function removeLeftOver(engine: Engine): Promise<void> {
  const filters = { label: [proofLabel] };
  const isOld = (created: number) => Date.now() - created > oldest;
  for (const { Id, Created } of await engine.client.listContainers({ all: true, filters }))
    if (isOld(Created * 1000)) await removeContainer(engine, Id);
  for (const { Name, Created } of await engine.client.listNetworks({ filters }))
    if (isOld(Date.parse(Created))) await removeNetwork(engine, Name);
}

async function probe(engine: Engine, image: string, name: string): Promise<string[]> {
  const { client } = engine;
  const labels = { [proofLabel]: "" };
  const subnet = await makeNetwork(engine, name, labels);
  // The gateway's place, as it has to be the name server too.
  const { HostConfig, ...attached } = attachedTo(name, subnet.gateway, subnet.gateway);
  const targets = JSON.stringify([subnet.bridge, subnet.sandbox, ...(await bridgesOf(engine))]);
  const container = await client.createContainer({
    name,
    ...programOf(image, ["probe.js", targets]),
    ...attached,
    Labels: labels,
    HostConfig: { ...locks, ...HostConfig, Sysctls: { ...HostConfig.Sysctls, ...lowPorts } },
  });
  await container.putArchive(await program(), { path: programFolder });
  await container.start();
  await container.wait();
  return foundIn(String(await container.logs({ stdout: true, stderr: true })));
}

/** The host's addresses on the networks of the engine. */
async function bridgesOf({ client }: Engine): Promise<string[]> {
  const networks = await client.listNetworks();
  return networks.flatMap(({ IPAM }) =>
    (IPAM?.Config ?? []).flatMap(({ Gateway }) => (isIPv4(Gateway ?? "") ? [Gateway ?? ""] : [])),
  );
}

function foundIn(log: string): string[] {
  const line = /\[.*\]/.exec(log)?.[0];
  if (line !== undefined) return z.array(z.string()).parse(JSON.parse(line));
  throw new Error(`the program that looks for ways out of a network failed: ${log.replace(/[^ -~]+/g, " ").trim()}`);
}
