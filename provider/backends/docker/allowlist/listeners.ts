import { BackendError } from "../../backend";
import type { Engine } from "../engine/engine";
import { printedLine } from "../engine/log-frames";
import { removeContainer } from "../engine/remove";
import { listenersName } from "./gateway/gateway-spec";

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
      "OC0000",
      `The gateway of ${id} cannot listen inside its sandbox (${said || `exit code ${code}`})`,
      "End what listens there, or replace the container: `pulumi up --replace` with its URN",
    );
  } finally {
    await removeContainer(engine, listenersName(id));
  }
}
