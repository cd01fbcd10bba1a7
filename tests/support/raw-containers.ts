import assert from "node:assert/strict";
import type Docker from "dockerode";
import type { ContainerCreateOptions } from "dockerode";
import type { Emulator } from "../../sdk/emulator";
import { image } from "./docker";
import { key } from "./hosted";

const gib = 2 ** 30;
const label = "openai-containers-test.raw";

/** Containers of an engine as `docker run` makes them, without this package. */
export class RawContainers {
  constructor(
    private readonly client: Docker,
    private readonly prefix: string,
  ) {}

  /** `docker run -d --memory 1g --memory-swap 1g --network none --name PREFIX-NAME IMAGE sleep infinity` @returns its id */
  async run(name: string, changes: ContainerCreateOptions = {}): Promise<string> {
    const container = await this.create(name, changes);
    await container.start();
    return container.id;
  }

  /** The same with `docker create`. */
  create(name: string, { HostConfig, ...changes }: ContainerCreateOptions = {}): Promise<Docker.Container> {
    return this.client.createContainer({
      name: `${this.prefix}-${name}`,
      Image: image,
      Cmd: ["sleep", "infinity"],
      Labels: { [label]: this.prefix },
      HostConfig: { Memory: gib, MemorySwap: gib, NetworkMode: "none", ...HostConfig },
      ...changes,
    });
  }

  /** The ids of those that exist, running or not. */
  async ids(): Promise<string[]> {
    const filters = { label: [`${label}=${this.prefix}`] };
    return (await this.client.listContainers({ all: true, filters })).map(({ Id }) => Id);
  }

  async removeAll(): Promise<void> {
    for (const id of await this.ids()) await this.client.getContainer(id).remove({ force: true, v: true });
  }
}

/** Creates a container by a plain request. @returns its id */
export async function createByHttp({ baseUrl }: Emulator, body: object): Promise<string> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const response = await fetch(`${baseUrl}/containers`, { method: "POST", headers, body: JSON.stringify(body) });
  const { id }: { id?: string } = Object(await response.json());
  return id ?? assert.fail(`the emulator answered ${response.status}`);
}
