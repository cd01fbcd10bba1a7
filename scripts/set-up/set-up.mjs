import { join } from "node:path";
import { agreeToEngine, engine } from "./engine.mjs";
import { image } from "./image.mjs";
import { locked } from "./lock.mjs";
import { build, packages } from "./packages.mjs";
import { cacheFolder } from "./places.mjs";
import { pulumi } from "./pulumi.mjs";
import { step } from "./steps.mjs";

/**
 * Makes sure of all that the project needs on this machine, installing what is missing: safe to run again and again,
 * also several at a time, and to interrupt. Uses Node alone until the project's packages are there.
 * @param {() => Promise<void>} more further steps
 * @returns {Promise<{ pulumiBin: string | undefined, image: string }>}
 */
export async function setUp(more = async () => {}) {
  process.stdout.write(`Setting up; what is missing is made once, in ${cacheFolder}\n`);
  const wait = () => process.stdout.write("  … another set-up is running on this machine; waiting for it\n");
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
