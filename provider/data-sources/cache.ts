import { isDeepStrictEqual } from "node:util";
import type { Backend } from "../backends/backend";
import { OpenedBackends } from "../backends/opened-backends";
import type { Settings } from "../backends/settings";

/**
 * The backends of look-ups. A backend is made for a run of Pulumi: it reads the account's list once and remembers it. A
 * look-up is to tell what is now, in a script that goes on for days too. So a backend serves the look-ups of a moment,
 * which is what a program makes at its start, and later ones open it anew; so do those with other settings.
 */
export class Bursts {
  private burst: { until: number; settings: Settings; opened: OpenedBackends } | undefined;

  /** @param moment how long one is, in ms */
  constructor(private readonly moment = 1_000) {}

  /** @throws BackendError where there is no backend of that name, or it cannot be opened */
  get(name: string, settings: Settings): Promise<Backend> {
    const now = performance.now();
    if (!this.burst || now >= this.burst.until || !isDeepStrictEqual(settings, this.burst.settings)) {
      // Whoever ends the process ends it at once: a look-up leaves nothing behind, so there is no end to prepare.
      const opened = new OpenedBackends(new AbortController().signal);
      this.burst = { until: now + this.moment, settings, opened };
    }
    return this.burst.opened.get(name, settings);
  }
}
