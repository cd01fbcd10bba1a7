import { DockerBackend } from "../../../provider/backends/docker/docker-backend";
import type { Engine } from "../../../provider/backends/docker/engine/engine";
import { span } from "../../../provider/lifecycle/duration";
import type { Terminal } from "../command";

/** Lists the sandboxes of an engine that expired, and removes them if it may. */
export async function removeExpired(engine: Engine, mayRemove: boolean, { tell }: Terminal): Promise<void> {
  const backend = new DockerBackend(engine);
  const expired = (await backend.list(undefined)).filter(({ status }) => status === "expired");
  if (expired.length === 0) {
    tell(`No sandbox that expired lies on the Docker engine at ${engine.address}.\n`);
    return;
  }
  for (const { id, name, expiredAt = 0, reportedAt } of expired) {
    if (mayRemove) await backend.delete(id);
    tell(`${mayRemove ? "removed  " : ""}${id}  ${name}  expired ${span(reportedAt - expiredAt)} ago\n`);
  }
  if (!mayRemove) tell("Nothing was removed. openai-containers prune --yes removes them.\n");
}
