import type { Making } from "../../provider/backends/backend";

/** Of a container whose name is the program's. */
export const named: Making = { nameIsDrawn: false, announce: () => {}, orphaned: () => {} };
/** Of a container whose name was drawn for it alone. */
export const drawn: Making = { ...named, nameIsDrawn: true };
