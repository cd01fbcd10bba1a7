import { randomBytes } from "node:crypto";
import { makeCertificates } from "../../provider/backends/docker/allowlist/gateway/certificates";
import { policyOf } from "../../provider/backends/docker/allowlist/gateway/gateway-policy";
import { gatewayProgram } from "../../provider/backends/docker/allowlist/gateway/gateway-program";
import {
  gatewayName,
  gatewaySpec,
  listenersName,
  listenersSpec,
} from "../../provider/backends/docker/allowlist/gateway/gateway-spec";
import { rulesOf } from "../../provider/backends/docker/allowlist/rules/rules";
import { dataFolderEntry } from "../../provider/backends/docker/content/data-archive";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { archiveOf } from "../../provider/backends/docker/engine/archive";
import { containerSpec } from "../../provider/backends/docker/sandbox/container-spec";
import { lifelineArchive, lifelineVolume } from "../../provider/backends/docker/sandbox/lifeline";
import { trustedFiles } from "../../provider/backends/docker/sandbox/network-config";
import { named } from "../support/create-context";
import { assertNothingLeft, engine, sandboxArgs } from "../support/docker";
import { gatewayImage } from "../support/live/images";
import { silent } from "../support/silent";
import { inTurn, type Row, timed } from "./measure";
import { RawEngine } from "./raw-engine";

const domains = ["api.github.com", "pypi.example.com"];

/**
 * One sandbox with an allow list, a secret in it: ours, beside the same calls made raw on the engine's socket, in the same
 * order, with certificates that were made before. The first one of a process loads what makes certificates.
 */
export async function createAllowlist(): Promise<Row[]> {
  const host = await engine();
  const { call, type } = bound(new RawEngine(host.address.replace("unix://", "")));
  const backend = new DockerBackend(host, { gatewayImage });
  const name = `b${randomBytes(4).toString("hex")}`;
  const domainSecrets = [{ domain: "api.github.com", name: "TOKEN", value: "a-secret" }];
  const args = sandboxArgs(name, { networkPolicy: { type: "allowlist", allowedDomains: domains, domainSecrets } });
  const rules = rulesOf(args);
  if (!rules) throw new Error("no allow list");
  const certificates = await makeCertificates(domains);
  const [code, data, lifeline] = [
    await gatewayProgram(),
    await archiveOf([], [dataFolderEntry]),
    await lifelineArchive(),
  ];
  const trust = await archiveOf(trustedFiles.map((file) => [file, certificates.caCertificate]));
  const { caCertificate: _, ...pair } = certificates;
  const policy = policyOf(rules, { id: name, pair, subnets: [] });
  const side = { allowedDomains: domains, placeholders: rules.placeholders };

  const raw = async (id: string) => {
    const [gateway, listeners] = [gatewayName(id), listenersName(id)];
    await call("POST", `/containers/create?name=${id}`, containerSpec(id, args, 60, side));
    const volume = lifelineVolume(JSON.parse(await call("GET", `/containers/${id}/json`)));
    const startSandbox = async () => {
      await call("PUT", `/containers/${id}/archive?path=/mnt`, data);
      await call("PUT", `/containers/${id}/archive?path=/run/openai-containers`, lifeline);
      await call("POST", `/containers/${id}/start`);
      await call("GET", `/containers/${id}/json`);
      await call("GET", `/containers/${id}/logs?stdout=1&stderr=1`);
    };
    const startGateway = async () => {
      await call("POST", `/containers/create?name=${gateway}`, gatewaySpec(id, gatewayImage, volume));
      await call("PUT", `/containers/${gateway}/archive?path=/gateway`, code);
      const starting = call("POST", `/containers/${gateway}/start`);
      await call("POST", `/containers/create?name=${listeners}`, listenersSpec(id, gatewayImage));
      await starting;
    };
    const giveListeners = async () => {
      await call("POST", `/containers/${listeners}/start`);
      await call("POST", `/containers/${listeners}/wait`);
      await call("DELETE", `/containers/${listeners}?force=1&v=1`);
    };
    await Promise.all([startSandbox(), startGateway()]);
    await Promise.all([
      giveListeners(),
      type(gateway, `\nmark ${JSON.stringify(policy)}\n`, '"event":"policy"'),
      call("PUT", `/containers/${id}/archive?path=/etc/ssl/certs`, trust),
    ]);
    return id;
  };
  /** Times the making of one, and removes it outside the measured time. */
  const making = (make: (id: string) => Promise<string>) => async () => {
    let id = `cntr_${randomBytes(24).toString("hex")}`;
    const took = await timed(async () => {
      id = await make(id);
    });
    await backend.delete(id);
    return took;
  };
  const ours = (by: () => DockerBackend) => making(async () => (await by().create(args, silent, named)).id);

  const rows = await inTurn("create one sandbox with an allow list", "ms", 10, [
    ["the same calls, raw", making(raw)],
    ["ours", ours(() => backend)],
    ["ours, as a run's first", ours(() => new DockerBackend(host, { gatewayImage }))],
  ]);
  await assertNothingLeft(host.client, name);
  return rows;
}

function bound(engine: RawEngine): Pick<RawEngine, "call" | "type"> {
  return { call: engine.call.bind(engine), type: engine.type.bind(engine) };
}
