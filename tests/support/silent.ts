import type { Report } from "../../provider/backends/backend";

/** For what is run without anybody to tell. */
export const silent: Report = { progress: () => {}, warning: () => {}, runWarning: () => {} };
