import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { ContainerResource } from "../../sdk/emulator";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { expiringDockerBackend, expiringHostedBackend } from "./expiring-backend";
import type { TestBackend } from "./test-backend";

type Ids = Record<string, string>;
/** Arguments or outputs by the names of their resources. */
type Properties = Record<string, Record<string, unknown>>;

/** Containers that a test changes outside Pulumi, as far as the backend allows, by the names of their resources. */
export interface Drifting {
  env: NodeJS.ProcessEnv;
  /** The arguments that each container of a program needs. */
  arguments: Record<string, unknown>;
  /** The highest idle limit in minutes, which no test reaches. */
  maxIdleMinutes: number;
  /** The arguments of the changed containers in the program. */
  changed: Properties;
  /** Changes them, and lets the one that is `expired` expire. */
  drift(ids: Ids): Promise<void>;
  /** Their live settings afterwards, where the program's differ. */
  live: Properties;
  /** Ends the stack, and removes the expired container that a refresh dropped from state. */
  end(stack: { end(holder: TestBackend["holder"]): Promise<void> }, ids: Ids): Promise<void>;
}

/** A second emulator takes the address of the first, with other settings of the same containers. */
export async function driftingHosted(): Promise<Drifting> {
  const { emulator: first, clock, ...backend } = await expiringHostedBackend();
  let emulator: Emulator = first;
  return {
    ...backend,
    changed: {
      tier: { memoryLimit: "1g" },
      named: { name: "as made" },
      policy: { networkPolicy: { type: "allowlist", allowedDomains: ["a.example.com"] } },
    },
    drift: async ({ tier, named, policy, expired = "" }) => {
      const now = (container: ContainerResource): ContainerResource => {
        if (container.id === tier) return { ...container, memory_limit: "4g" };
        if (container.id === named) return { ...container, name: "as changed" };
        if (container.id !== policy) return container;
        return {
          ...container,
          network_policy: { type: "allowlist", allowed_domains: ["b.example.com", "a.example.com"] },
        };
      };
      const containers = emulator.containers().map(now);
      await emulator.stop();
      emulator = await startEmulator({
        port: Number(new URL(emulator.baseUrl).port),
        clock,
        requestsPerMinute: 100_000,
      });
      emulator.seed(containers);
      emulator.expire(expired);
    },
    live: {
      tier: { memoryLimit: "4g" },
      named: { name: "as changed" },
      policy: { networkPolicy: { type: "allowlist", allowedDomains: ["a.example.com", "b.example.com"] } },
    },
    end: async (stack, { expired = "" }) => {
      await backend.remove(expired);
      await stack.end(emulator).finally(() => emulator.stop());
    },
  };
}

export async function driftingDocker(): Promise<Drifting> {
  const { client, ...backend } = await expiringDockerBackend();
  const network = `t${randomBytes(4).toString("hex")}`;
  return {
    ...backend,
    changed: { tier: { memoryLimit: "1g" }, policy: { networkPolicy: { type: "disabled" } } },
    drift: async ({ tier = "", policy = "", expired = "" }) => {
      await client.getContainer(tier).update({ Memory: 4 * 2 ** 30, MemorySwap: 4 * 2 ** 30 });
      const { Id } = await client.getContainer(policy).inspect();
      await client.getNetwork("none").disconnect({ Container: Id });
      // A new network: the default one may be missing, as another engine that starts without one removes it.
      await client.createNetwork({ Name: network, Internal: true });
      await client.getNetwork(network).connect({ Container: Id });
      await backend.expired(expired);
    },
    live: { tier: { memoryLimit: "4g" }, policy: { networkPolicy: { type: `connected to ${network}` } } },
    end: async (stack, { expired = "" }) => {
      const { State } = await client.getContainer(expired).inspect();
      assert.equal(State.Running, false, "an expired sandbox stays on the engine");
      await backend.remove(expired);
      await stack.end(client).finally(() => backend.stop());
      await client.getNetwork(network).remove();
    },
  };
}
