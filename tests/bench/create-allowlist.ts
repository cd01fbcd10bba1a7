import { randomBytes } from "node:crypto";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { named } from "../support/create-context";
import { assertNothingLeft, engine, sandboxArgs } from "../support/docker";
import { gatewayImage } from "../support/live/images";
import { silent } from "../support/silent";
import { inTurn, type Row, timed } from "./measure";
import { RawEngine } from "./raw-engine";
import { type Create, newId, rawCreateAllowlist } from "./raw-sandboxes";

/**
 * One sandbox with an allow list, a secret in it: ours, beside the same calls made raw on the engine's socket. The first one
 * of a process loads what makes certificates.
 */
export async function createAllowlist(): Promise<Row[]> {
  const host = await engine();
  const backend = new DockerBackend(host, { gatewayImage });
  const name = `b${randomBytes(4).toString("hex")}`;
  const allowedDomains = ["api.github.com", "pypi.example.com"];
  const domainSecrets = [{ domain: "api.github.com", name: "TOKEN", value: "a-secret" }];
  const args = sandboxArgs(name, { networkPolicy: { type: "allowlist", allowedDomains, domainSecrets } });

  /** Times the making of one, and removes it outside the measured time. */
  const making = (make: Create) => async () => {
    let id = newId();
    const took = await timed(async () => {
      id = await make(id);
    });
    await backend.delete(id);
    return took;
  };
  const ours = (by: () => DockerBackend) => making(async () => (await by().create(args, silent, named)).id);

  const rows = await inTurn("create one sandbox with an allow list", "ms", 10, [
    ["the same calls, raw", making(await rawCreateAllowlist(new RawEngine(host.address.replace("unix://", "")), args))],
    ["ours", ours(() => backend)],
    ["ours, as a run's first", ours(() => new DockerBackend(host, { gatewayImage }))],
  ]);
  await assertNothingLeft(host.client, name);
  return rows;
}
