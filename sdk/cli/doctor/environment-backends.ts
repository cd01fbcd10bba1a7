import { type Backend, type BackendName, type Entry, openFromEnvironment } from "../../../provider/command-line";
import { CommandError } from "../command";

/** The backends that the environment variables name, each opened once. */
export class EnvironmentBackends {
  private readonly opened = new Map<BackendName, Promise<Backend>>();

  /**
   * @throws BackendError where the backend cannot be opened
   * @throws CommandError where it is not at the entry's location
   */
  async of({ backend: name, location }: Entry): Promise<Backend> {
    const opening = this.opened.get(name) ?? openFromEnvironment(name);
    this.opened.set(name, opening);
    const backend = await opening;
    if (backend.location === location) return backend;
    throw new CommandError(
      "OC5017",
      `Its container is at ${location}, but the environment variables name ${backend.location}`,
      `Set ${backend.locationSettings.environment} for ${location}, and run this command again`,
    );
  }
}
