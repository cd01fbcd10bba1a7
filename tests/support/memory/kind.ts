import type { BackendKind } from "../../../provider/backends/backend";
import type { BackendName } from "../../../provider/model/container";
import { Memory, MemoryBackend } from "./memory-backend";

const memory = new Memory();

/** The kind of backends in this process's memory, under the name of an existing backend. */
export function memoryKind(name: BackendName): BackendKind {
  return {
    unsupported: () => [],
    warnings: () => [],
    configured: () => ({
      connectionWarnings: () => [],
      open: async () => new MemoryBackend(memory, name),
    }),
  };
}
