import type { CreateContext } from "../../provider/backends/backend";

/** For a container with a name from the program. */
export const named: CreateContext = { nameIsDrawn: false, announce: () => {}, orphaned: () => {} };
/** For a container with an auto-generated name. */
export const autoNamed: CreateContext = { ...named, nameIsDrawn: true };
