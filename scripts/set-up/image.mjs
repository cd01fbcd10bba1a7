import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aptInstall, mayAptInstall } from "./engine.mjs";
import { connectAsProvider } from "./provider-engine.mjs";
import { ask, run } from "./run.mjs";
import { SetUpError } from "./steps.mjs";

const ownImage = "openai-containers-sandbox:bookworm";

/**
 * Makes sure that the engine has an image to make sandboxes of: the default one, pulled where a registry can be
 * reached, or else one that is made here from Debian's packages.
 * @param {import("./steps.mjs").Say} say
 * @returns {Promise<string>} its name
 */
export async function image(say) {
  const { ensureImage } = await import("../../dist/provider/backends/docker/images.js");
  const { defaultImage } = await import("../../dist/provider/model/container.js");
  const engine = await connectAsProvider();

  for (const name of [defaultImage, ownImage]) {
    if (await has(engine.client, name)) return name;
  }
  try {
    await ensureImage(engine, defaultImage, { progress: say, warning: say });
    return defaultImage;
  } catch (error) {
    if (!mayAptInstall()) throw new SetUpError(error instanceof Error ? error.message : String(error));
  }
  await makeImage(engine.client, say);
  return ownImage;
}

/** @param {import("dockerode")} client @param {string} name */
export async function has(client, name) {
  const images = await client.listImages({ filters: { reference: [name] } });
  return images.length > 0;
}

/** Debian 12 with Python 3.11, as the hosted runtime has. @param {import("dockerode")} client @param {import("./steps.mjs").Say} say */
async function makeImage(client, say) {
  if ((await ask("debootstrap", ["--version"])) === undefined) {
    say("no registry can be reached; making an image from Debian's packages: apt-get install debootstrap");
    await aptInstall(["debootstrap"], say);
  }
  const scratch = mkdtempSync(join(tmpdir(), "openai-containers-image-"));
  const root = join(scratch, "root");
  try {
    const mirror = await debianMirror();
    await run("debootstrap", ["--variant=minbase", "--include=python3,ca-certificates", "bookworm", root, ...mirror], {
      onLine: (line) => say(`making an image from Debian's packages: ${line.replace(/^I: /, "")}`),
    });
    say("handing the image to the engine");
    await importTree(client, root);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Where this machine's own apt has its packages from; debootstrap has a default. @returns {Promise<string[]>} */
async function debianMirror() {
  const uris = (await ask("apt-get", ["indextargets", "--format", "$(REPO_URI) $(CODENAME)"])) ?? "";
  const line = uris.split("\n").find((each) => each.endsWith(" bookworm"));
  return line ? [/** @type {string} */ (line.split(" ")[0])] : [];
}

/** @param {import("dockerode")} client @param {string} root */
async function importTree(client, root) {
  const left = [
    "./var/cache/apt/*",
    "./var/lib/apt/lists/*",
    "./usr/share/doc/*",
    "./usr/share/man/*",
    "./usr/share/locale/*",
    "./dev/*",
  ];
  const tar = spawn("tar", ["-C", root, ...left.map((path) => `--exclude=${path}`), "-c", "."], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await imported(client, ownImage, tar, 'CMD ["python3"]');
}

/**
 * Hands the engine an image, as the process packs it.
 * @param {import("dockerode")} client
 * @param {string} repo its name
 * @param {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, null>} tar
 * @param {string} [changes] as of a Dockerfile
 */
export async function imported(client, repo, tar, changes) {
  const ended = new Promise((resolve) => tar.on("close", resolve));
  const stream = await client.importImage(tar.stdout, changes ? { repo, changes } : { repo });
  let answer = "";
  for await (const chunk of stream) answer += String(chunk);
  if ((await ended) !== 0 || /"error"/.test(answer))
    throw new SetUpError(`The engine did not take the image: ${answer}`);
}
