import { hasImage, makeDebianImage } from "./debian-image.mjs";
import { mayAptInstall } from "./engine.mjs";
import { connectAsProvider } from "./provider-engine.mjs";
import { SetUpError } from "./steps.mjs";

const ownImage = "openai-containers-sandbox:bookworm";

/**
 * Makes sure that the engine has an image for sandboxes: the default image, pulled where a registry can be reached, or else
 * an image built here from Debian packages, as the hosted runtime is.
 * @param {import("./steps.mjs").Say} say
 * @returns {Promise<string>} its name
 */
export async function image(say) {
  const { ensureImage } = await import("../../dist/provider/backends/docker/images/ensure.js");
  const { defaultImage } = await import("../../dist/provider/model/container.js");
  const engine = await connectAsProvider();
  /** @param {string} code @param {string} text */
  const warning = (code, text) => say(`${code}: ${text}`);

  for (const name of [defaultImage, ownImage]) {
    if (await hasImage(engine.client, name)) return name;
  }
  try {
    await ensureImage(engine, defaultImage, { progress: say, warning, runWarning: warning });
    return defaultImage;
  } catch (error) {
    if (!mayAptInstall()) throw new SetUpError(error instanceof Error ? error.message : String(error));
  }
  say("no registry can be reached: building an image from Debian packages");
  await makeDebianImage(engine.client, ownImage, ["python3", "ca-certificates"], say);
  return ownImage;
}
