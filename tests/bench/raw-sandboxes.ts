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
import { type Rules, rulesOf } from "../../provider/backends/docker/allowlist/rules/rules";
import { dataFolderEntry } from "../../provider/backends/docker/content/data-archive";
import { archiveOf } from "../../provider/backends/docker/engine/archive";
import { containerSpec } from "../../provider/backends/docker/sandbox/container-spec";
import { lifelineArchive, lifelineVolume } from "../../provider/backends/docker/sandbox/lifeline";
import { trustedFiles } from "../../provider/backends/docker/sandbox/network-config";
import type { Container } from "../../provider/model/container";
import { gatewayImage } from "../support/live/images";
import type { RawEngine } from "./raw-engine";

type Args = Container & { name: string };
/** Creates a sandbox of an id. */
export type Create = (id: string) => Promise<string>;

export function newId(): string {
  return `cntr_${randomBytes(24).toString("hex")}`;
}

/** The calls of a create without a network, raw on the engine's socket. */
export async function rawCreate(engine: RawEngine, args: Args): Promise<Create> {
  const tar = await archiveOf([], [dataFolderEntry]);
  return async (id) => {
    const { name: _, ...spec } = containerSpec(id, args, 60);
    await engine.call("POST", `/containers/create?name=${id}`, spec);
    await engine.call("PUT", `/containers/${id}/archive?path=/mnt`, tar);
    await engine.call("POST", `/containers/${id}/start`);
    await engine.call("GET", `/containers/${id}/json`);
    await engine.call("GET", `/containers/${id}/logs?stdout=1&stderr=1`);
    return id;
  };
}

/** The same with an allow list, in the order of ours, with certificates that were made before. */
export async function rawCreateAllowlist(engine: RawEngine, args: Args): Promise<Create> {
  const rules = rulesOf(args);
  if (!rules) throw new Error("no allow list");
  const { allowedDomains } = rules.policy;
  const { caCertificate, ...pair } = await makeCertificates(allowedDomains);
  const [code, data, lifeline] = [
    await gatewayProgram(),
    await archiveOf([], [dataFolderEntry]),
    await lifelineArchive(),
  ];
  const trust = await archiveOf(trustedFiles.map((file) => [file, caCertificate]));
  const allowList = { allowedDomains, placeholders: rules.placeholders };
  return async (id) => {
    await engine.call("POST", `/containers/create?name=${id}`, containerSpec(id, args, 60, allowList));
    const volume = lifelineVolume(JSON.parse(await engine.call("GET", `/containers/${id}/json`)));
    await Promise.all([startSandbox(engine, id, data, lifeline), startGateway(engine, id, volume, code)]);
    await Promise.all([
      giveListeners(engine, id),
      sendPolicy(engine, id, rules, pair),
      engine.call("PUT", `/containers/${id}/archive?path=/etc/ssl/certs`, trust),
    ]);
    return id;
  };
}

async function startSandbox(engine: RawEngine, id: string, data: Buffer, lifeline: Buffer): Promise<void> {
  await engine.call("PUT", `/containers/${id}/archive?path=/mnt`, data);
  await engine.call("PUT", `/containers/${id}/archive?path=/run/openai-containers`, lifeline);
  await engine.call("POST", `/containers/${id}/start`);
  await engine.call("GET", `/containers/${id}/json`);
  await engine.call("GET", `/containers/${id}/logs?stdout=1&stderr=1`);
}

async function startGateway(engine: RawEngine, id: string, volume: string, code: Buffer): Promise<void> {
  const gateway = gatewayName(id);
  await engine.call("POST", `/containers/create?name=${gateway}`, gatewaySpec(id, gatewayImage, volume));
  await engine.call("PUT", `/containers/${gateway}/archive?path=/gateway`, code);
  const starting = engine.call("POST", `/containers/${gateway}/start`);
  await engine.call("POST", `/containers/create?name=${listenersName(id)}`, listenersSpec(id, gatewayImage));
  await starting;
}

async function giveListeners(engine: RawEngine, id: string): Promise<void> {
  const listeners = listenersName(id);
  await engine.call("POST", `/containers/${listeners}/start`);
  await engine.call("POST", `/containers/${listeners}/wait`);
  await engine.call("DELETE", `/containers/${listeners}?force=1&v=1`);
}

function sendPolicy(engine: RawEngine, id: string, rules: Rules, pair: { certificate: string; key: string }) {
  const policy = policyOf(rules, { id, pair, subnets: [] });
  return engine.type(gatewayName(id), `\nmark ${JSON.stringify(policy)}\n`, '"event":"policy"');
}

/** Removes a sandbox, and its gateway if it has one. */
export async function rawDelete(engine: RawEngine, id: string, hasGateway: boolean): Promise<void> {
  if (hasGateway) await engine.call("DELETE", `/containers/${gatewayName(id)}?force=1&v=1`);
  await engine.call("DELETE", `/containers/${id}?force=1&v=1`);
}
