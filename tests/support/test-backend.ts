import assert from "node:assert/strict";
import type Docker from "dockerode";
import { type Clock, type Emulator, startEmulator } from "../../sdk/emulator";
import { containersNamed, engine, image, volumesOf } from "./docker";
import { FaultyEngine } from "./faulty-engine";
import { key } from "./hosted";

/** A backend whose creates and deletes can be delayed, and whose containers can be counted. */
export interface TestBackend {
  readonly name: "hosted" | "docker";
  /** The environment that connects a stack's provider to it. */
  readonly env: NodeJS.ProcessEnv;
  /** The arguments that each container of a program needs, as JavaScript. */
  readonly args: string;
  /** The same, as a value. */
  readonly arguments: Record<string, unknown>;
  /** Has the containers, of which the end of a stack must find none. */
  readonly holder: Docker | Pick<Emulator, "containers">;
  /** Delays each create from now on by so many ms, before or after the backend processes it. */
  delayCreates(ms: number, isDoneFirst: boolean): void;
  /** Delays each delete from now on by so many ms, before the backend processes it. */
  delayDeletes(ms: number): void;
  /** Ends all delays. */
  removeDelays(): void;
  /** The ids of a stack's containers, running or not. */
  inventory(prefix: string): Promise<string[]>;
  /** Fails if the stack has volumes of other containers than these. */
  assertNoOrphans(prefix: string, ids: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** The files of the account, whose ids tests name. */
const fileIds = ["1", "2", "a", "b", "c", "canary", "public"].map((end) => `file-${end}`);

/** The emulator. */
export async function hostedTestBackend(clock?: Clock): Promise<TestBackend & { emulator: Emulator }> {
  const emulator = await startEmulator({ requestsPerMinute: 100_000, ...(clock && { clock }) });
  for (const id of fileIds) emulator.addFile({ id, name: `${id}.csv`, content: "1,2" });
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
