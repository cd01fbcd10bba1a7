import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import type Docker from "dockerode";
import { unpackTar } from "modern-tar";
import { connect, type Engine } from "../../provider/backends/docker/engine/engine";
import { dockerSettings } from "../../provider/backends/docker/settings";
import { settingSources } from "../../provider/config";
import type { Container } from "../../provider/model/container";

/** An image that the engine has; `npm test` provides it. */
export const image = process.env["OPENAI_CONTAINERS_TEST_IMAGE"] ?? "openai-containers-sandbox:bookworm";

/** The engine of the environment. */
export function engine(): Promise<Engine> {
  return connect(dockerSettings(settingSources(process.env)));
}

/** The engine at an address, as `DOCKER_HOST` has it. */
export function engineAt(host: string): Promise<Engine> {
  return connect(dockerSettings(settingSources({ DOCKER_HOST: host })));
}

/** Valid arguments of a small sandbox. */
export function sandboxArgs(
  name: string,
  changes: Omit<Partial<Container>, "name"> = {},
): Container & { name: string } {
  return {
    name,
    memoryLimit: "1g",
    networkPolicy: { type: "disabled" },
    expiresAfter: { anchor: "last_active_at", minutes: 20 },
    backend: "docker",
    docker: { image },
    ...changes,
  };
}

/** Runs a shell command in a sandbox, as `docker exec` does. */
export async function inside(
  client: Docker,
  id: string,
  command: string,
  user?: string,
): Promise<{ code: number; text: string }> {
  const exec = await client
    .getContainer(id)
    .exec({ Cmd: ["/bin/sh", "-c", command], AttachStdout: true, AttachStderr: true, ...(user ? { User: user } : {}) });
  const stream = await exec.start({});
  const out = new PassThrough();
  client.modem.demuxStream(stream, out, out);
  stream.on("end", () => out.end());
  const printed = (await text(out)).trim();
  const { ExitCode } = await exec.inspect();
  return { code: ExitCode ?? -1, text: printed };
}

/** The ids of the sandboxes whose name has a prefix, running or not. */
export async function containersNamed(client: Docker, prefix: string): Promise<string[]> {
  const all = await client.listContainers({ all: true, filters: { label: ["openai-containers.name"] } });
  return all
    .filter(({ Labels }) => Labels["openai-containers.name"]?.startsWith(prefix))
    .map(({ Names }) => (Names[0] ?? "").slice(1));
}

/** Removes the sandboxes and volumes of a prefix, and fails if there are any, as a test or the provider left them. */
export async function assertNothingLeft(client: Docker, prefix: string): Promise<void> {
  const containers = await containersNamed(client, prefix);
  for (const id of containers) await client.getContainer(id).remove({ force: true, v: true });
  const volumes = await volumesOf(client, prefix);
  for (const volume of volumes) await client.getVolume(volume).remove();
  assert.deepEqual({ containers, volumes }, { containers: [], volumes: [] });
}

/** The volumes of the sandboxes whose name has a prefix. */
export async function volumesOf(client: Docker, prefix: string): Promise<string[]> {
  const { Volumes } = await client.listVolumes({ filters: { label: ["openai-containers.name"] } });
  return Volumes.filter(({ Labels }) => Labels["openai-containers.name"]?.startsWith(prefix)).map(({ Name }) => Name);
}

/** Waits until a container has stopped. */
export async function stopped(client: Docker, id: string): Promise<void> {
  await client.getContainer(id).wait({ condition: "not-running" });
}

/** The files of a sandbox's data folder, whether it runs or not. */
export async function filesOf(client: Docker, id: string): Promise<string[]> {
  const archive = await buffer(await client.getContainer(id).getArchive({ path: "/mnt/data" }));
  return (await unpackTar(archive)).map(({ header }) => header.name.replace(/\/$/, ""));
}
