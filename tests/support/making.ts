import type { Making } from "../../provider/backends/backend";

/** Of a container whose name is the program's. */
export const named: Making = { nameIsDrawn: false, announce: () => {} };
/** Of a container whose name was drawn for it alone. */
export const drawn: Making = { nameIsDrawn: true, announce: () => {} };
