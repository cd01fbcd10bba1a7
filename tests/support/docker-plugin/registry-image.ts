import { z } from "zod";
import type { Properties, RegistryAuth, Settings } from "./resource";

const manifestTypes = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
];

/** `getRegistryImage`: the digest of a tag. */
export async function registryImage(args: Properties, settings: Settings): Promise<Properties> {
  const { name } = z.object({ name: z.string() }).parse(args);
  const [, registry = "", repository, tag] = /^([^/]+)\/(.+):(.+)$/.exec(name) ?? [];
  const auth = authFor(registry, settings);
  const headers = {
    accept: manifestTypes.join(", "),
    ...(auth && { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString("base64")}` }),
  };
  const origin = auth?.address ?? `https://${registry}`;
  const answer = await fetch(`${origin}/v2/${repository}/manifests/${tag}`, { method: "HEAD", headers });
  const digest = answer.headers.get("docker-content-digest");
  if (!answer.ok || digest === null)
    throw new Error(
      `Got error when attempting to fetch image version ${repository}:${tag} from registry: ` +
        `got bad response from registry: ${answer.status}`,
    );
  return { id: digest, name, sha256Digest: digest };
}

export function authFor(registry: string, { registryAuth }: Settings): RegistryAuth | undefined {
  return registryAuth.find(({ address }) => address.replace(/^https?:\/\//, "") === registry);
}
