import type { ContainerInfo } from "dockerode";
import { forgetFailure } from "../../cached-failure";
import type { Engine } from "./engine";
import { explain } from "./engine-errors";

/**
 * The containers of an engine that have a label, running or not, newest first.
 * @param label its name, or `name=value`
 * @throws BackendError
 */
export async function listLabelled(engine: Engine, label: string): Promise<ContainerInfo[]> {
  try {
    const listed = await engine.client.listContainers({ all: true, filters: { label: [label] } });
    return listed.toSorted((a, b) => b.Created - a.Created);
  } catch (error) {
    throw explain(error, engine);
  }
}

/** All containers that have a label, by name, from one request, which is sent at the first `find` and serves a whole run. */
export class ContainerListing {
  private listed: Promise<Map<string, ContainerInfo>> | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly label: string,
  ) {}

  /**
   * A container as it was listed. It may have been created, changed or removed since.
   * @throws BackendError
   */
  async find(name: string): Promise<ContainerInfo | undefined> {
    this.listed ??= this.read();
    return (await this.listed).get(`/${name}`);
  }

  /** Drops a container that has changed since. */
  forget(name: string): void {
    this.listed?.then(
      (all) => all.delete(`/${name}`),
      () => {}, // `find` throws it
    );
  }

  private async read(): Promise<Map<string, ContainerInfo>> {
    const began = performance.now();
    try {
      const all = await listLabelled(this.engine, this.label);
      return new Map(all.flatMap((container) => container.Names.map((name) => [name, container])));
    } catch (error) {
      forgetFailure(began, () => {
        this.listed = undefined;
      });
      throw error;
    }
  }
}
