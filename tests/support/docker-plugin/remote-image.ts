import { isDeepStrictEqual } from "node:util";
import type Docker from "dockerode";
import { z } from "zod";
import { failureStatus } from "../../../provider/backends/docker/engine/failure";
import { authFor } from "./registry-image";
import type { Properties, Resource, Settings } from "./resource";

const inputsOf = z.object({ name: z.string(), keepLocally: z.boolean().default(false) });

/** `RemoteImage`: an image that is pulled if the engine does not have it. */
export const remoteImage: Resource = {
  check: (inputs) => inputs,
  diff: (olds, news) => {
    const changed = ["name", "triggers", "keepLocally"].filter((key) => !isDeepStrictEqual(olds[key], news[key]));
    return { changes: changed.length > 0, replaces: changed.filter((key) => key !== "keepLocally") };
  },
  create: async (inputs, settings) => {
    const { name } = inputsOf.parse(inputs);
    if (!(await found(name, settings))) await pull(name, settings);
    const image = await found(name, settings);
    if (!image) throw new Error(`Unable to find or pull image ${name}`);
    return { id: image.Id + name, outputs: outputsOf(inputs, image) };
  },
  read: async (_, outputs, settings) => {
    const image = await found(inputsOf.parse(outputs).name, settings);
    return image && outputsOf(outputs, image);
  },
  delete: async (outputs, settings) => {
    const { name, keepLocally } = inputsOf.parse(outputs);
    if (!keepLocally) await settings.client.getImage(name).remove();
  },
};

function outputsOf(inputs: Properties, { Id, RepoDigests }: Docker.ImageInspectInfo): Properties {
  return { ...inputs, imageId: Id, repoDigest: RepoDigests[0] ?? "" };
}

async function found(name: string, { client }: Settings): Promise<Docker.ImageInspectInfo | undefined> {
  try {
    return await client.getImage(name).inspect();
  } catch (error) {
    if (failureStatus(error) === 404) return undefined;
    throw error;
  }
}

async function pull(name: string, settings: Settings): Promise<void> {
  const auth = authFor(name.split("/")[0] ?? "", settings);
  const authconfig = auth && { username: auth.username, password: auth.password, serveraddress: auth.address };
  const events = await settings.client.pull(name, { ...(authconfig && { authconfig }) });
  await new Promise<void>((resolve, reject) => {
    settings.client.modem.followProgress(events, (error) => (error ? reject(error) : resolve()));
  });
}
