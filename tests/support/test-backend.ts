import assert from "node:assert/strict";
import type Docker from "dockerode";
import { type Clock, type Emulator, startEmulator } from "../../sdk/emulator";
import { containersNamed, engine, image, volumesOf } from "./docker";
import { FaultyEngine } from "./faulty-engine";
import { key } from "./hosted";

/** A backend whose creates can be made slow, and whose containers can be counted. */
export interface TestBackend {
  readonly name: "hosted" | "docker";
  /** What sends a stack's provider there. */
  readonly env: NodeJS.ProcessEnv;
  /** What a container of a program says, besides what the case is about. */
  readonly args: string;
  /** The same, as a value. */
  readonly arguments: Record<string, unknown>;
  /** For what a stack's end must find empty. */
  readonly holder: Docker | Pick<Emulator, "containers">;
  /** From now on a create takes so long, in ms, before the backend does it or after. */
  delayCreates(ms: number, isDoneFirst: boolean): void;
  /** From now on a delete takes so long, in ms, and is done at its end. */
  delayDeletes(ms: number): void;
  /** As fast as can be again. */
  removeDelays(): void;
  /** The ids of what is there of a stack, running or not. */
  inventory(prefix: string): Promise<string[]>;
  /** Fails where something is left besides these containers, such as a volume of one that is gone. */
  assertNoOrphans(prefix: string, ids: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

export async function hostedTestBackend(clock?: Clock): Promise<TestBackend & { emulator: Emulator }> {
  const emulator = await startEmulator({ requestsPerMinute: 100_000, ...(clock && { clock }) });
  return {
    name: "hosted",
    emulator,
    env: { OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl },
    args: "",
    arguments: {},
    holder: emulator,
    delayCreates: (ms, isDoneFirst) => {
      emulator.clearFaults();
      emulator.fault({ method: "POST", answer: { delayMs: ms }, afterWork: isDoneFirst, times: 100_000 });
    },
    delayDeletes: (ms) => emulator.fault({ method: "DELETE", answer: { delayMs: ms }, times: 100_000 }),
    removeDelays: () => emulator.clearFaults(),
    inventory: async (prefix) =>
      emulator
        .containers()
        .filter(({ name }) => name.startsWith(prefix))
        .map(({ id }) => id),
    assertNoOrphans: async () => {},
    stop: () => emulator.stop(),
  };
}

export async function dockerTestBackend(): Promise<TestBackend & { client: Docker; faulty: FaultyEngine }> {
  const { client, address } = await engine();
  const faulty = await new FaultyEngine(address.replace("unix://", "")).start();
  return {
    name: "docker",
    client,
    faulty,
    env: { DOCKER_HOST: faulty.host },
    args: `backend: "docker", docker: { image: "${image}" }`,
    arguments: { backend: "docker", docker: { image } },
    holder: client,
    delayCreates: (ms, isDoneFirst) => {
      faulty.fault = (request) =>
        request.startsWith("POST /containers/create") ? { delayMs: ms, afterWork: isDoneFirst } : undefined;
    },
    delayDeletes: (ms) => {
      faulty.fault = (request) =>
        request.startsWith("DELETE /containers/") ? { delayMs: ms, afterWork: false } : undefined;
    },
    removeDelays: () => {
      faulty.fault = () => undefined;
    },
    inventory: (prefix) => containersNamed(client, prefix),
    assertNoOrphans: async (prefix, ids) => {
      const used = await Promise.all(ids.map(async (id) => (await client.getContainer(id).inspect()).Mounts));
      const names = used.flat().map(({ Name }) => Name ?? "");
      assert.deepEqual((await volumesOf(client, prefix)).sort(), names.sort());
    },
    stop: async () => faulty.stop(),
  };
}

export const testBackends: Record<TestBackend["name"], () => Promise<TestBackend>> = {
  hosted: hostedTestBackend,
  docker: dockerTestBackend,
};
