import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { hasImage, importImage } from "./debian-image.mjs";
import { connectAsProvider } from "./provider-engine.mjs";
import { run } from "./run.mjs";
import { SetUpError } from "./steps.mjs";

const ownImage = `openai-containers-gateway:node-${process.versions.node}`;

/**
 * Makes sure that the engine has an image for gateways: the default image, pulled where a registry can be reached, or else
 * an image built here with this machine's Node.
 * @param {import("./steps.mjs").Say} say
 * @returns {Promise<string>} its name
 */
export async function gatewayImage(say) {
  const { ensureImage } = await import("../../dist/provider/backends/docker/images/ensure.js");
  const { defaultGatewayImage } = await import("../../dist/provider/backends/docker/settings.js");
  const engine = await connectAsProvider();
  /** @param {string} code @param {string} text */
  const warning = (code, text) => say(`${code}: ${text}`);

  for (const name of [defaultGatewayImage, ownImage]) {
    if (await hasImage(engine.client, name)) return name;
  }
  try {
    await ensureImage(engine, defaultGatewayImage, { progress: say, warning, runWarning: warning });
    return defaultGatewayImage;
  } catch (error) {
    if (process.platform !== "linux") throw new SetUpError(error instanceof Error ? error.message : String(error));
  }
  say("no registry can be reached: building an image with this machine's Node");
  await importImage(engine.client, ownImage, spawn("tar", ["-C", "/", ...renamed, "-ch", ...(await files())], streams));
  return ownImage;
}

/** @type {import("node:child_process").SpawnOptionsWithStdioTuple<"ignore", "pipe", "inherit">} */
const streams = { stdio: ["ignore", "pipe", "inherit"] };

const node = realpathSync(process.execPath).slice(1);
const renamed = [`--transform=s,^${node}$,usr/local/bin/node,`];

/** Node and the shared libraries that the loader resolves for it. */
async function files() {
  const libraries = (await run("ldd", [process.execPath])).matchAll(/\/\S+(?= \(0x)/g);
  return [node, ...[...libraries].map(([path]) => path.slice(1))];
}
