import type { CreateContext } from "../../provider/backends/backend";

/** Of a container whose name is the program's. */
export const named: CreateContext = { nameIsDrawn: false, announce: () => {}, orphaned: () => {} };
/** Of a container whose name was drawn for it alone. */
export const autoNamed: CreateContext = { ...named, nameIsDrawn: true };
