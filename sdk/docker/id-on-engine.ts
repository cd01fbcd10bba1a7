import * as pulumi from "@pulumi/pulumi";
import type { SandboxEngine } from "../../provider/sandbox-image";
import { runError } from "../coded";
import { docker } from "./docker-package";
import type { MadeImage } from "./made-image";

/**
 * The id of an image that is on the engine of the sandboxes. `@pulumi/docker` has a client of its own, which may have
 * chosen another engine, and does not notice that an image is removed.
 * @returns an output that fails where the engine does not have the image
 */
export function idOnEngine(
  name: string,
  { imageId, reference, urn }: MadeImage,
  engine: pulumi.Output<SandboxEngine | undefined>,
  provider: pulumi.ProviderResource,
): pulumi.Output<string> {
  const { host, context } = docker.Provider.isInstance(provider) ? provider : { host: undefined, context: undefined };
  return engine.apply((found) =>
    pulumi.all([imageId, reference, urn, host, context]).apply(async ([id, image, imageUrn, ...client]) => {
      if (!found || (await found.hasImage(id))) return id;
      const shown = (await pulumi.isSecret(reference)) ? id : `${image} (${id})`;
      const what =
        `SandboxImage ${name}: the Docker engine of the sandboxes, ${found.address}, ` +
        `does not have the image ${shown}`;
      const failure = otherEngine(what, found.address, client) ?? removed(what, imageUrn);
      failure.stack = failure.message; // Pulumi prints the stack where an Output fails
      throw failure;
    }),
  );
}

/** @param client the address and the context of the provider of `@pulumi/docker` */
function otherEngine(
  what: string,
  address: string,
  [host, context]: readonly (string | undefined)[],
): pulumi.RunError | undefined {
  if (!context && host === address) return undefined;
  const other = context ? `the context ${context}` : (host ?? "its default engine");
  return runError(
    "OC4108",
    `${what}: the docker.Provider of the program uses ${other}. ` +
      `Set its host to ${address}, or leave it out, or set dockerHost to the address that it uses.`,
  );
}

function removed(what: string, urn: string): pulumi.RunError {
  return runError("OC4109", `${what}: it was removed. To make it again, run \`pulumi up --replace '${urn}'\`.`);
}
