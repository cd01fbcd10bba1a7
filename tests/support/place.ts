import assert from "node:assert/strict";
import type Docker from "dockerode";
import { type Clock, type Emulator, startEmulator } from "../../sdk/emulator";
import { containersNamed, engine, image, volumesOf } from "./docker";
import { FaultyEngine } from "./faulty-engine";
import { key } from "./hosted";

/** A backend whose creates can be made slow, and whose containers can be counted. */
export interface Place {
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
  slow(ms: number, isDoneFirst: boolean): void;
  /** From now on a delete takes so long, in ms, and is done at its end. */
  slowDeletes(ms: number): void;
  /** As fast as can be again. */
  quick(): void;
  /** The ids of what is there of a stack, running or not. */
  inventory(prefix: string): Promise<string[]>;
  /** Fails where something is left besides these containers, such as a volume of one that is gone. */
  assertNothingBesides(prefix: string, ids: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

export async function hostedPlace(clock?: Clock): Promise<Place & { emulator: Emulator }> {
  const emulator = await startEmulator({ requestsPerMinute: 100_000, ...(clock && { clock }) });
  return {
    name: "hosted",
    emulator,
    env: { OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl },
    args: "",
    arguments: {},
    holder: emulator,
    slow: (ms, isDoneFirst) => {
      emulator.clearFaults();
      emulator.fault({ method: "POST", answer: { delayMs: ms }, afterWork: isDoneFirst, times: 100_000 });
    },
    slowDeletes: (ms) => emulator.fault({ method: "DELETE", answer: { delayMs: ms }, times: 100_000 }),
    quick: () => emulator.clearFaults(),
    inventory: async (prefix) =>
      emulator
        .containers()
        .filter(({ name }) => name.startsWith(prefix))
        .map(({ id }) => id),
    assertNothingBesides: async () => {},
    stop: () => emulator.stop(),
  };
}

export async function dockerPlace(): Promise<Place & { client: Docker; faulty: FaultyEngine }> {
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
    slow: (ms, isDoneFirst) => {
      faulty.fault = (request) =>
        request.startsWith("POST /containers/create") ? { delayMs: ms, afterWork: isDoneFirst } : undefined;
    },
    slowDeletes: (ms) => {
      faulty.fault = (request) =>
        request.startsWith("DELETE /containers/") ? { delayMs: ms, afterWork: false } : undefined;
    },
    quick: () => {
      faulty.fault = () => undefined;
    },
    inventory: (prefix) => containersNamed(client, prefix),
    assertNothingBesides: async (prefix, ids) => {
      const used = await Promise.all(ids.map(async (id) => (await client.getContainer(id).inspect()).Mounts));
      const names = used.flat().map(({ Name }) => Name ?? "");
      assert.deepEqual((await volumesOf(client, prefix)).sort(), names.sort());
    },
    stop: async () => faulty.stop(),
  };
}

export const places: Record<Place["name"], () => Promise<Place>> = { hosted: hostedPlace, docker: dockerPlace };
