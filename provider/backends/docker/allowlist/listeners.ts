import { BackendError } from "../../backend";
import type { Engine } from "../engine";
import { printedLine } from "../log-frames";
import { removeContainer } from "../remove";
import { listenersName } from "./gateway-spec";

/**
 * Gives a gateway the sockets on which it listens inside its sandbox: a container in the network namespace of that makes
 * them, hands them over and ends. Both run already.
 * @throws BackendError
 */
export async function giveListeners(engine: Engine, id: string): Promise<void> {
  const container = engine.client.getContainer(listenersName(id));
  try {
    await container.start();
    const { StatusCode: code } = await container.wait();
    if (code === 0) return;
    const said = printedLine(await container.logs({ stdout: true, stderr: true }));
    throw new BackendError(
      `The gateway of ${id} cannot listen inside its sandbox (${said || `exit code ${code}`})`,
      "End what listens there, or replace the container: `pulumi up --replace` with its URN",
    );
  } finally {
    await removeContainer(engine, listenersName(id));
  }
}
