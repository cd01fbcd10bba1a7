import { setMaxListeners } from "node:events";
import { type Backend, BackendError, type Warning } from "./backend";
import { forgetFailure } from "./cached-failure";
import type { Settings } from "./settings";

/** The backends of a run, each opened at its first use. */
export class OpenedBackends {
  private readonly warned = new Set<string>();
  private readonly opened = new Map<string, Promise<Backend>>();

  constructor(private readonly ending: AbortSignal) {
    setMaxListeners(0, ending); // each call that waits listens to it, hundreds at a time
  }

  /** Warnings about the connection to a backend, which need not be open yet: once for each backend. */
  connectionWarnings(name: unknown, { backends }: Settings): Warning[] {
    if (typeof name !== "string" || this.warned.has(name)) return [];
    this.warned.add(name);
    try {
      return backends.get(name)?.connectionWarnings() ?? [];
    } catch (error) {
      if (error instanceof BackendError) return []; // opening it fails with the same error
      throw error;
    }
  }

  /** @throws BackendError where there is no backend of this name, or it cannot be opened */
  get(name: string, { backends, backend: { value, source } }: Settings): Promise<Backend> {
    const configured = backends.get(name);
    if (!configured) {
      const namedBy = name === value ? `the setting ${source}` : "the argument backend";
      throw new BackendError(
        "OC1007",
        `There is no backend ${JSON.stringify(name)}`,
        `It must be ${[...backends.keys()].join(" or ")}. Correct ${namedBy}; or, if a newer release created the container, upgrade the package`,
      );
    }
    let backend = this.opened.get(name);
    if (!backend) {
      const began = performance.now();
      backend = configured.open(this.ending);
      this.opened.set(name, backend);
      // A failure is reported by each call that needs the backend, until its cause is corrected.
      backend.catch(() => forgetFailure(began, () => this.opened.delete(name)));
    }
    return backend;
  }
}
