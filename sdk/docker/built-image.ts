import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Output } from "@pulumi/pulumi";
import type { SandboxEngine, ValidArguments } from "../../provider/sandbox-image";
import { runError } from "../coded";
import { type BuildFile, buildFolder } from "./build-folder";
import { docker } from "./docker-package";
import { dockerfileOf, folderOfFiles, withToolCheck } from "./dockerfile";
import type { ImageOptions, MadeImage } from "./made-image";
import { filesUnder, textOf, UncopiableError } from "./source-files";

type BuildArguments = Exclude<ValidArguments, { reference: unknown }>;

/**
 * An image that the engine builds.
 * @param urn the component's, which makes the image's name unique on the engine
 * @throws RunError where a file cannot be read or copied
 */
export function builtImage(
  name: string,
  args: BuildArguments,
  urn: Promise<string>,
  engine: Output<SandboxEngine | undefined>,
  options: ImageOptions,
): MadeImage {
  const image = new docker.Image(
    name,
    {
      // Another engine has another name, and so builds the image too.
      imageName: engine.apply(async (found) => imageName(name, `${await urn} ${found?.location}`)),
      build: { ...buildOf(name, args), platform: engine.apply((found) => found?.platform) },
      skipPush: true,
    },
    options,
  );
  // The digest of an image that is not pushed is its id.
  return { imageId: image.repoDigest, reference: image.imageName, urn: image.urn };
}

function imageName(name: string, unique: string): string {
  const readable = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return `sandbox-image/${readable || "image"}:${createHash("sha256").update(unique).digest("hex").slice(0, 12)}`;
}

/** The build's folders, relative to the program's. */
function buildOf(name: string, args: BuildArguments): { context: string; dockerfile: string } {
  if ("build" in args) {
    const folder = buildFolder([
      textFile("Dockerfile", dockerfileOf(args.build)),
      ...copiedFiles(name, args.build.files),
    ]);
    return { context: folder, dockerfile: `${folder}/Dockerfile` };
  }
  const { dockerfile, context = dirname(dockerfile) } = args;
  const read = (file: string) => readable(name, "dockerfile", file, () => textOf(file));
  const ignore = `${dockerfile}.dockerignore`;
  const files = [
    textFile("Dockerfile", withToolCheck(read(dockerfile))),
    ...(existsSync(ignore) ? [textFile("Dockerfile.dockerignore", read(ignore))] : []),
  ];
  return { context, dockerfile: `${buildFolder(files)}/Dockerfile` };
}

function textFile(path: string, content: string): BuildFile {
  return { path, content, isExecutable: false };
}

function copiedFiles(name: string, files: Record<string, string> = {}): BuildFile[] {
  return Object.entries(files).flatMap(([path, source], index) =>
    readable(name, `build.files["${path}"]`, source, () => filesUnder(source, folderOfFiles(index))),
  );
}

function readable<T>(name: string, argument: string, path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof UncopiableError) {
      throw runError(
        "OC4110",
        `SandboxImage ${name}: cannot copy ${path} (${argument}): ${reason}. ` +
          "Replace it by a file, or copy the folder's other parts by paths of their own.",
      );
    }
    throw runError(
      "OC4106",
      `SandboxImage ${name}: cannot read ${path} (${argument}): ${reason}. ` +
        "Correct the path, which is relative to the program's folder, or the permissions.",
    );
  }
}
