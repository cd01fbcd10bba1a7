import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aptInstall } from "./engine.mjs";
import { ask, run } from "./run.mjs";
import { SetUpError } from "./steps.mjs";

/**
 * Builds an image from Debian 12 packages, without an image registry.
 * @param {import("dockerode")} client
 * @param {string} name
 * @param {string[]} packages in addition to Debian's base system
 * @param {import("./steps.mjs").Say} say
 * @param {(root: string) => void} [complete] adds to the image's files
 */
export async function makeDebianImage(client, name, packages, say, complete = () => {}) {
  if ((await ask("debootstrap", ["--version"])) === undefined) {
    say("building an image from Debian packages: apt-get install debootstrap");
    await aptInstall(["debootstrap"], say);
  }
  const scratch = mkdtempSync(join(tmpdir(), "openai-containers-image-"));
  const root = join(scratch, "root");
  try {
    const mirror = await debianMirror();
    const include = `--include=${packages.join(",")}`;
    await run("debootstrap", ["--variant=minbase", include, "bookworm", root, ...mirror], {
      onLine: (line) => say(`building an image from Debian packages: ${line.replace(/^I: /, "")}`),
    });
    complete(root);
    say("importing the image");
    const tar = spawn("tar", ["-C", root, ...excluded.map((path) => `--exclude=${path}`), "-c", "."], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await importImage(client, name, tar, 'CMD ["python3"]');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const excluded = [
  "./var/cache/apt/*",
  "./var/lib/apt/lists/*",
  "./usr/share/doc/*",
  "./usr/share/man/*",
  "./usr/share/locale/*",
  "./dev/*",
];

/** The mirror of this machine's apt; without one debootstrap uses its default. @returns {Promise<string[]>} */
async function debianMirror() {
  const uris = (await ask("apt-get", ["indextargets", "--format", "$(REPO_URI) $(CODENAME)"])) ?? "";
  const line = uris.split("\n").find((each) => each.endsWith(" bookworm"));
  return line ? [/** @type {string} */ (line.split(" ")[0])] : [];
}

/**
 * Imports an image from a process that writes it as a tar archive.
 * @param {import("dockerode")} client
 * @param {string} repo its name
 * @param {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, null>} tar
 * @param {string} [changes] instructions as in a Dockerfile
 */
export async function importImage(client, repo, tar, changes) {
  const ended = new Promise((resolve) => tar.on("close", resolve));
  const stream = await client.importImage(tar.stdout, changes ? { repo, changes } : { repo });
  let answer = "";
  for await (const chunk of stream) answer += String(chunk);
  if ((await ended) !== 0 || /"error"/.test(answer)) throw new SetUpError(`The engine rejected the image: ${answer}`);
}

/** @param {import("dockerode")} client @param {string} name */
export async function hasImage(client, name) {
  const images = await client.listImages({ filters: { reference: [name] } });
  return images.length > 0;
}
