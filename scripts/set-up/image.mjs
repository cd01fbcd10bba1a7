import { hasImage, makeDebianImage } from "./debian-image.mjs";
import { mayAptInstall } from "./engine.mjs";
import { connectAsProvider } from "./provider-engine.mjs";
import { SetUpError } from "./steps.mjs";

const ownImage = "openai-containers-sandbox:bookworm";

/**
 * Makes sure that the engine has an image to make sandboxes of: the default one, pulled where a registry can be
 * reached, or else one that is made here from Debian's packages, as the hosted runtime is.
 * @param {import("./steps.mjs").Say} say
 * @returns {Promise<string>} its name
 */
export async function image(say) {
  const { ensureImage } = await import("../../dist/provider/backends/docker/engine/images.js");
  const { defaultImage } = await import("../../dist/provider/model/container.js");
  const engine = await connectAsProvider();

  for (const name of [defaultImage, ownImage]) {
    if (await hasImage(engine.client, name)) return name;
  }
  try {
    await ensureImage(engine, defaultImage, { progress: say, warning: say, runWarning: say });
    return defaultImage;
  } catch (error) {
    if (!mayAptInstall()) throw new SetUpError(error instanceof Error ? error.message : String(error));
  }
  say("no registry can be reached");
  await makeDebianImage(engine.client, ownImage, ["python3", "ca-certificates"], say);
  return ownImage;
}
