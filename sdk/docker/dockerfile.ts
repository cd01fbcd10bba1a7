import type { BuildArguments } from "../../provider/sandbox-image";
import { hostedRuntime, hostedRuntimePackages } from "./hosted-runtime";

/** The folder, in the build's context, of the files for a path in the image. */
export const folderOfFiles = (index: number) => `files/${index}`;

/** The Dockerfile of a build: the same text for the same arguments. The arguments are valid, so none can end a quotation. */
export function dockerfileOf({ base, apt = [], pip = [], npm = [], files = {} }: BuildArguments): string {
  const packages = base === undefined ? [...hostedRuntimePackages, ...apt] : apt;
  const lines = [
    ...(base === undefined ? hostedRuntime : [`FROM ${base}`]),
    "USER root",
    ...aptLines(packages),
    ...lineFor(pip, "RUN PIP_BREAK_SYSTEM_PACKAGES=1 python3 -m pip install --no-cache-dir"),
    ...lineFor(npm, "RUN npm install --global --no-audit --no-fund"),
    ...Object.keys(files).map((path, index) => `COPY ${JSON.stringify([folderOfFiles(index), path])}`),
  ];
  return withToolCheck(lines.join("\n"));
}

function aptLines(packages: readonly string[]): string[] {
  if (packages.length === 0) return [];
  return [
    "RUN apt-get update \\",
    ` && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ${quoted(packages)} \\`,
    " && rm -rf /var/lib/apt/lists/*",
  ];
}

function lineFor(packages: readonly string[], command: string): string[] {
  return packages.length === 0 ? [] : [`${command} ${quoted(packages)}`];
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(" ");
}

const check =
  "for tool in sleep rm; do command -v $tool > /dev/null || { echo this image has no $tool, which a sandbox needs; exit 1; }; done";

/** With a last step that fails where a program is missing that a sandbox needs; the builder itself names a missing shell. */
export function withToolCheck(dockerfile: string): string {
  return `${dockerfile.trimEnd()}\nRUN ${JSON.stringify(["/bin/sh", "-c", check])}\n`;
}
