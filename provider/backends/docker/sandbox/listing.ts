import type { ContainerInfo } from "dockerode";
import { forgetFailure } from "../../cached-failure";
import type { Engine } from "../engine/engine";
import { explain } from "../engine/engine-errors";
import { nameLabel } from "./container-spec";

/** The sandboxes of an engine, newest first. */
export async function listSandboxes(engine: Engine, name?: string): Promise<ContainerInfo[]> {
  const listed = await listLabelled(engine, name === undefined ? nameLabel : `${nameLabel}=${name}`);
  return listed.toSorted((a, b) => b.Created - a.Created);
}

/** The containers of an engine that have a label, running or not. */
export async function listLabelled(engine: Engine, label: string): Promise<ContainerInfo[]> {
  try {
    return await engine.client.listContainers({ all: true, filters: { label: [label] } });
  } catch (error) {
    throw explain(error, engine);
  }
}

/** All containers of a kind as one call tells them, which is made once a run, when the first is asked for. */
export class Listing {
  private listed: Promise<Map<string, ContainerInfo>> | undefined;

  constructor(private readonly list: () => Promise<ContainerInfo[]>) {}

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
    const began = performance.now();
    try {
      const all = await this.list();
      return new Map(all.flatMap((container) => container.Names.map((name) => [name, container])));
    } catch (error) {
      forgetFailure(began, () => {
        this.listed = undefined;
      });
      throw error;
    }
  }
}
