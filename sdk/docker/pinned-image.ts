import * as pulumi from "@pulumi/pulumi";
import type { SandboxEngine } from "../../provider/sandbox-image";
import { coded, runError } from "../coded";
import { docker } from "./docker-package";
import type { ImageOptions, MadeImage } from "./made-image";

/**
 * An image of a registry by the digest that its tag had when the stack first pulled it. A tag that moves does not pull
 * another one: that would replace its containers, with their files, at a time that nobody chose.
 */
export function pinnedImage(
  name: string,
  reference: pulumi.Output<string>,
  engine: pulumi.Output<SandboxEngine | undefined>,
  options: ImageOptions,
): MadeImage {
  const isSecret = () => pulumi.isSecret(reference);
  const digest = reference.apply(
    async (text) =>
      digestOf(text) ?? currentDigest(name, text, (await isSecret()) ? "its secret reference" : text, options),
  );
  const image = new docker.RemoteImage(
    name,
    {
      name: pulumi.interpolate`${reference.apply(repositoryOf)}@${digest}`,
      keepLocally: true,
      // A changed trigger replaces the image, and a replacement takes the program's name in place of the recorded one.
      triggers: { reference, engine: engine.apply((found) => found?.location ?? "") },
    },
    { ...options, ignoreChanges: ["name"] },
  );
  pulumi.all([reference, image.name, digest, image.urn]).apply(async ([text, pinned, current, urn]) => {
    const recorded = digestOf(pinned);
    if (recorded === current) return;
    const message = (await isSecret())
      ? `the secret reference of SandboxImage ${name} moved in its registry: this stack keeps the image that it has. ` +
        `To take the new one, which replaces its containers, run \`pulumi up --replace '${urn}'\`.`
      : `${text} moved in its registry from ${recorded} to ${current}: this stack keeps the image that it has. ` +
        `To take the new one, which replaces its containers, write ${text}@${current}.`;
    pulumi.log.warn(coded("OC4104", message), options.parent);
  });
  return { imageId: image.imageId, reference: image.name, urn: image.urn };
}

function digestOf(reference: string): string | undefined {
  return reference.split("@")[1];
}

/** A reference without its tag and its digest. The colon of a registry's port is before a slash. */
function repositoryOf(reference: string): string {
  return reference.replace(/@.*$/, "").replace(/:[^/]*$/, "");
}

/**
 * Unknown while the provider is not configured, as in a preview with unknown credentials.
 * @param shown what an error calls the reference
 */
async function currentDigest(name: string, reference: string, shown: string, { parent, provider }: ImageOptions) {
  try {
    const { sha256Digest } = await docker.getRegistryImage({ name: reference }, { parent, provider });
    return sha256Digest ?? pulumi.output(pulumi.unknown);
  } catch (error) {
    // The reason quotes the reference, also in parts.
    const reason = shown === reference ? reasonOf(error) : "the reason is not shown, as it has the reference";
    const failure = runError(
      "OC4105",
      `SandboxImage ${name}: cannot read the digest of ${shown} from its registry: ${reason}. ` +
        "Correct the reference or registryAuth, or write the digest (REPOSITORY@sha256:…), which needs no look-up.",
    );
    failure.stack = failure.message; // Pulumi prints the stack where an Output fails
    throw failure;
  }
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .replace(/^invocation of \S+ returned an error: /, "")
    .replace(/\s+/g, " ")
    .replace(/[ .]+$/, "");
}
