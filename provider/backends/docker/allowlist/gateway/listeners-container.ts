import { BackendError } from "../../../backend";
import type { Engine } from "../../engine/engine";
import { printedLine } from "../../engine/log-frames";
import { removeContainer } from "../../engine/remove-container";
import { listenersName } from "./gateway-spec";

/**
 * Creates a gateway's listening sockets inside its sandbox: a container in the sandbox's network namespace creates them,
 * passes them to the gateway, and ends. Sandbox and gateway run already, and the container exists.
 * @throws BackendError, and the client's error
 */
export async function createListeners(engine: Engine, id: string): Promise<void> {
  const container = engine.client.getContainer(listenersName(id));
  try {
    await container.start();
    const { StatusCode: code } = await container.wait();
    if (code === 0) return;
    const output = printedLine(await container.logs({ stdout: true, stderr: true }));
    throw new BackendError(
      "OC2304",
      `The gateway of ${id} cannot listen inside its sandbox: ${output || `exit code ${code}`}`,
      "Stop the program that listens on that port in the sandbox, or replace the container (`pulumi up --replace` with its URN)",
    );
  } finally {
    await removeContainer(engine, listenersName(id));
  }
}
