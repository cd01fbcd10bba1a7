import type { ContainerInfo } from "dockerode";
import { nameLabel } from "./container-spec";
import type { Engine } from "./engine";
import { explain } from "./engine-errors";

/** The sandboxes of an engine, newest first. */
export async function listSandboxes(engine: Engine, name?: string): Promise<ContainerInfo[]> {
  const label = name === undefined ? nameLabel : `${nameLabel}=${name}`;
  try {
    const listed = await engine.client.listContainers({ all: true, filters: { label: [label] } });
    return listed.toSorted((a, b) => b.Created - a.Created);
  } catch (error) {
    throw explain(error, engine);
  }
}

/** All sandboxes of an engine as one call tells them, which is made once a run, when the first is asked for. */
export class Listing {
  private listed: Promise<Map<string, ContainerInfo>> | undefined;

  constructor(private readonly engine: Engine) {}

  /** One of them. It may have been made, or have gone, since they were listed. */
  async find(id: string): Promise<ContainerInfo | undefined> {
    this.listed ??= this.read();
    return (await this.listed).get(`/${id}`);
  }

  /** Drops one that has changed since. */
  forget(id: string): void {
    this.listed?.then(
      (all) => all.delete(`/${id}`),
      () => {}, // whoever waits for it is told
    );
  }

  private async read(): Promise<Map<string, ContainerInfo>> {
    try {
      const all = await listSandboxes(this.engine);
      return new Map(all.flatMap((container) => container.Names.map((name) => [name, container])));
    } catch (error) {
      this.listed = undefined; // whoever asks next may have more luck
      throw error;
    }
  }
}
