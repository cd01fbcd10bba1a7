import { setMaxListeners } from "node:events";
import type { Settings } from "../config";
import { type BackendName, backendNames, isBackendName } from "../model/container";
import { type Backend, BackendError, type BackendKind } from "./backend";
import { forgetFailure } from "./cached-failure";

/** Backends, each opened when it is first asked for. */
export class OpenedBackends {
  private readonly told = new Set<BackendName>();
  private readonly opened = new Map<BackendName, Promise<Backend>>();

  constructor(
    private readonly kinds: Record<BackendName, BackendKind>,
    private readonly ending: AbortSignal,
  ) {
    setMaxListeners(0, ending); // whatever waits listens to it, hundreds at a time
  }

  /** Of the way to a backend that may not be opened yet. Told once. */
  connectionWarnings(name: unknown, settings: Settings): string[] {
    if (typeof name !== "string" || !isBackendName(name) || this.told.has(name)) return [];
    this.told.add(name);
    try {
      return this.kinds[name].connectionWarnings(settings);
    } catch (error) {
      if (error instanceof BackendError) return []; // whoever opens it is told
      throw error;
    }
  }

  /** @throws BackendError where there is no backend of that name, or it cannot be opened */
  get(name: string, settings: Settings): Promise<Backend> {
    if (!isBackendName(name))
      throw new BackendError(
        "OC0000",
        `There is no backend ${JSON.stringify(name)}`,
        `It must be ${backendNames.join(" or ")}`,
      );
    let backend = this.opened.get(name);
    if (!backend) {
      const began = performance.now();
      backend = this.kinds[name].open(settings, this.ending);
      this.opened.set(name, backend);
      // Whatever was wrong fails each call that meets it, until it is mended.
      backend.catch(() => forgetFailure(began, () => this.opened.delete(name)));
    }
    return backend;
  }
}
