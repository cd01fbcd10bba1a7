import { BackendError } from "../../backend";
import type { Engine } from "../engine/engine";

/**
 * Sockets that are made in a sandbox's network namespace do not reach inside one that brings a network stack of its own.
 * @throws BackendError
 */
export function refuseOwnKernel({ address, runtime }: Engine): void {
  const [kernel] = /gvisor|runsc|kata|firecracker/i.exec(runtime) ?? [];
  if (kernel === undefined) return;
  throw new BackendError(
    "OC0000",
    `The Docker engine at ${address} runs containers in kernels of their own (its default runtime is ${runtime}), where no gateway can listen, so no allow list is offered there`,
    'Use networkPolicy {type: "disabled"} on it, or an engine whose default runtime is runc or crun',
  );
}
