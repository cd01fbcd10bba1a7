import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aptInstall } from "./engine.mjs";
import { ask, run } from "./run.mjs";
import { SetUpError } from "./steps.mjs";

/**
 * Makes an image of Debian 12's packages, which needs no registry of images.
 * @param {import("dockerode")} client
 * @param {string} name
 * @param {string[]} packages besides Debian's base
 * @param {import("./steps.mjs").Say} say
 * @param {(root: string) => void} [complete] adds to the image's files
 */
export async function makeDebianImage(client, name, packages, say, complete = () => {}) {
  if ((await ask("debootstrap", ["--version"])) === undefined) {
    say("making an image from Debian's packages: apt-get install debootstrap");
    await aptInstall(["debootstrap"], say);
  }
  const scratch = mkdtempSync(join(tmpdir(), "openai-containers-image-"));
  const root = join(scratch, "root");
  try {
    const mirror = await debianMirror();
    const include = `--include=${packages.join(",")}`;
    await run("debootstrap", ["--variant=minbase", include, "bookworm", root, ...mirror], {
      onLine: (line) => say(`making an image from Debian's packages: ${line.replace(/^I: /, "")}`),
    });
    complete(root);
    say("handing the image to the engine");
    const tar = spawn("tar", ["-C", root, ...left.map((path) => `--exclude=${path}`), "-c", "."], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await importImage(client, name, tar, 'CMD ["python3"]');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const left = [
  "./var/cache/apt/*",
  "./var/lib/apt/lists/*",
  "./usr/share/doc/*",
  "./usr/share/man/*",
  "./usr/share/locale/*",
  "./dev/*",
];

/** Where this machine's own apt has its packages from; debootstrap has a default. @returns {Promise<string[]>} */
async function debianMirror() {
  const uris = (await ask("apt-get", ["indextargets", "--format", "$(REPO_URI) $(CODENAME)"])) ?? "";
  const line = uris.split("\n").find((each) => each.endsWith(" bookworm"));
  return line ? [/** @type {string} */ (line.split(" ")[0])] : [];
}

/**
 * Hands the engine an image, as a process packs it.
 * @param {import("dockerode")} client
 * @param {string} repo its name
 * @param {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, null>} tar
 * @param {string} [changes] as of a Dockerfile
 */
export async function importImage(client, repo, tar, changes) {
  const ended = new Promise((resolve) => tar.on("close", resolve));
  const stream = await client.importImage(tar.stdout, changes ? { repo, changes } : { repo });
  let answer = "";
  for await (const chunk of stream) answer += String(chunk);
  if ((await ended) !== 0 || /"error"/.test(answer))
    throw new SetUpError(`The engine did not take the image: ${answer}`);
}

/** @param {import("dockerode")} client @param {string} name */
export async function hasImage(client, name) {
  const images = await client.listImages({ filters: { reference: [name] } });
  return images.length > 0;
}
