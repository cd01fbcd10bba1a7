import { BackendError } from "../../provider/backends/backend";
import { connect, type Engine } from "../../provider/backends/docker/engine/engine";
import { dockerSettings } from "../../provider/backends/docker/settings";
import { settingSources } from "../../provider/config";
import { CommandError } from "./command";

/** The engine that the environment names, or the Docker client's own settings. @throws UnreachableError */
export function engineAtHand(): Promise<Engine> {
  return connect(dockerSettings(settingSources(process.env, () => undefined)));
}

/** Does something with it. @throws CommandError for what may go wrong at an engine */
export async function withEngine(work: (engine: Engine) => Promise<void>): Promise<void> {
  try {
    await work(await engineAtHand());
  } catch (error) {
    throw error instanceof BackendError ? new CommandError(error.message) : error;
  }
}
