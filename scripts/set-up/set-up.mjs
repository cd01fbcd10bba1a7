import { join } from "node:path";
import { agreeToEngine, engine } from "./engine.mjs";
import { image } from "./image.mjs";
import { locked } from "./lock.mjs";
import { build, packages } from "./packages.mjs";
import { cacheFolder } from "./places.mjs";
import { pulumi } from "./pulumi.mjs";
import { step } from "./steps.mjs";

/**
 * Installs whatever the project needs and this machine lacks. Safe to repeat, to run concurrently and to interrupt. Needs
 * only Node until the project's packages are installed.
 * @param {() => Promise<void>} more further steps
 * @returns {Promise<{ pulumiBin: string | undefined, image: string }>}
 */
export async function setUp(more = async () => {}) {
  process.stdout.write(`Setting up: missing tools are installed once, in ${cacheFolder}\n`);
  const wait = () => process.stdout.write("  … waiting for another set-up on this machine\n");
  return locked(join(cacheFolder, "set-up.lock"), wait, async () => {
    /** @type {string | undefined} */
    let pulumiBin;
    let imageName = "";
    await step("packages", packages);
    await step("build", build);
    await step("Pulumi", async (say) => {
      const found = await pulumi(say);
      pulumiBin = found.bin;
      return `${found.version}, ${found.bin ?? "on PATH"}`;
    });
    await agreeToEngine();
    await step("Docker engine", engine);
    await step("sandbox image", async (say) => {
      imageName = await image(say);
      return imageName;
    });
    await more();
    return { pulumiBin, image: imageName };
  });
}
