import { BackendError } from "../../backends/backend";
import { nameOf } from "../../model/urn";

/**
 * Which resource of a run has which container: one that stays, or that is imported. Pulumi asks a provider about one
 * resource at a time, and with `--replace` it asks for a new container of an imported one, which is imported again.
 */
export class HeldContainers {
  private readonly ids = new Map<string, string>();
  private readonly holders = new Map<string, string>();
  private readonly deleted = new Set<string>();

  /** @throws BackendError where another resource has the container, or it was deleted in this run */
  claim(id: string, urn: string): void {
    const holder = this.holders.get(id);
    if (holder !== undefined && holder !== urn)
      throw new BackendError(
        "OC2404",
        `Container ${id} would belong to two resources: ${nameOf(holder)} and ${nameOf(urn)}`,
        "Remove one of them from the program; if both are in state, one of them with `pulumi state delete` first",
      );
    if (this.deleted.has(id))
      throw new BackendError("OC2405", `Container ${id} was deleted in this run`, "Remove the import option");
    this.release(urn);
    this.ids.set(urn, id);
    this.holders.set(id, urn);
  }

  /** Lets the container of a resource go, as before its replacement. */
  release(urn: string): void {
    const id = this.ids.get(urn);
    if (id !== undefined) this.holders.delete(id);
    this.ids.delete(urn);
  }

  /** The URN of the resource that has the container. */
  holderOf(id: string): string | undefined {
    return this.holders.get(id);
  }

  delete(id: string): void {
    this.deleted.add(id);
  }
}
