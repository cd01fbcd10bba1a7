import type { Report } from "../../provider/backends/backend";

/** Discards all messages. */
export const silent: Report = { progress: () => {}, warning: () => {}, runWarning: () => {} };
