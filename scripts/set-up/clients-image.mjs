import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { hasImage, makeDebianImage } from "./debian-image.mjs";
import { mayAptInstall } from "./engine.mjs";
import { connectAsProvider } from "./provider-engine.mjs";

const name = `openai-containers-clients:bookworm-node-${process.versions.node}`;
const packages = [
  ...["python3", "python3-pip", "python3-requests", "python3-websockets"],
  ...["ca-certificates", "curl", "git", "wget"],
];

/**
 * For tests only: an image with common network clients and this machine's Node.
 * @param {import("./steps.mjs").Say} say
 * @returns {Promise<string>} its name, or an empty string where it cannot be built
 */
export async function clientsImage(say) {
  const { client } = await connectAsProvider();
  if (await hasImage(client, name)) return name;
  if (!mayAptInstall()) return "";
  await makeDebianImage(client, name, packages, say, (root) => {
    copyFileSync(process.execPath, join(root, "usr/local/bin/node"));
  });
  return name;
}
