import { DockerBackend, type Engine, span } from "../../../provider/command-line";
import type { Output } from "../command";

/**
 * Lists the expired sandboxes of an engine, and removes them if it may.
 * @throws BackendError
 */
export async function pruneExpired(engine: Engine, mayRemove: boolean, { stdout }: Output): Promise<void> {
  const backend = new DockerBackend(engine);
  const expired = (await backend.list(undefined)).filter(({ status }) => status === "expired");
  if (expired.length === 0) {
    stdout(`There are no expired sandboxes on the Docker engine at ${engine.address}.\n`);
    return;
  }
  for (const { id, name, expiredAt = 0, reportedAt } of expired) {
    if (mayRemove) await backend.delete(id);
    stdout(`${mayRemove ? "removed  " : ""}${id}  ${name}  expired ${span(reportedAt - expiredAt)} ago\n`);
  }
  if (!mayRemove) stdout("Nothing was removed. Run `openai-containers prune --yes` to remove them.\n");
}
