import { isDeepStrictEqual } from "node:util";
import type { Backend } from "../backends/backend";
import { OpenedBackends } from "../backends/opened-backends";
import type { Settings } from "../backends/settings";

/**
 * The backends of data sources. A backend is opened for one run of Pulumi: it reads the account's list once and keeps it. A
 * data source has to return the live state, in a script that goes on for days too. So a backend serves the calls within
 * the time to live, which are those that a program makes at its start; later ones, and those with other settings, open it
 * anew.
 */
export class BackendCache {
  private cached: { until: number; settings: Settings; opened: OpenedBackends } | undefined;

  constructor(private readonly ttlMs = 1_000) {}

  /** @throws BackendError where there is no backend of that name, or it cannot be opened */
  get(name: string, settings: Settings): Promise<Backend> {
    const now = performance.now();
    if (!this.cached || now >= this.cached.until || !isDeepStrictEqual(settings, this.cached.settings)) {
      // Never aborted: a data source only reads, so that nothing is to be finished when the process ends.
      const opened = new OpenedBackends(new AbortController().signal);
      this.cached = { until: now + this.ttlMs, settings, opened };
    }
    return this.cached.opened.get(name, settings);
  }
}
