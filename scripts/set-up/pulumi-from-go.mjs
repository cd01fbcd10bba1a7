import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./places.mjs";
import { ask, run } from "./run.mjs";
import { SetUpError } from "./steps.mjs";

/**
 * @typedef {object} Program
 * @property {string} binary
 * @property {string} source its Go package
 * @property {Record<string, string>} modules the required modules and their versions
 * @property {Record<string, string>} [replaced] replacements of upstream's go.mod, which `go build` ignores in another module
 * @property {string} flags
 */

// The newest versions that the module proxy serves of each.
const cli = "v3.259.0";
const languageHost = "v3.68.0"; // the last one in the SDK's module; it works with newer command lines

/** The command line comes last, so that it exists only once everything is built. @type {Program[]} */
const programs = [
  {
    binary: "pulumi-language-nodejs",
    source: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    modules: { "github.com/pulumi/pulumi/sdk/v3": languageHost },
    flags: "-w -s",
  },
  {
    binary: "pulumi",
    source: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    modules: { "github.com/pulumi/pulumi/pkg/v3": cli, "github.com/pulumi/pulumi/sdk/v3": cli },
    replaced: {
      "github.com/atotto/clipboard": "github.com/tgummerer/clipboard@v0.0.0-20241001131231-d02d263e614e",
    },
    flags: `-w -s -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${cli}`,
  },
];

/**
 * Builds Pulumi's command line and its Node language host from Go modules, once for each machine, in minutes. Go's caches
 * (some 3.6 GB) are kept until the build succeeds, so that an interrupted build continues where it stopped.
 * @param {string} bin where the binaries go
 * @param {import("./steps.mjs").Say} say
 */
export async function buildPulumi(bin, say) {
  if ((await ask("go", ["version"])) === undefined) {
    throw new SetUpError(
      "Pulumi is not installed and cannot be downloaded, and Go is not installed to build it.\n" +
        "Install Pulumi (https://www.pulumi.com/docs/install/) or Go 1.26 or newer, then run this again.",
    );
  }
  const scratch = join(cacheFolder, "pulumi-build");
  for (const program of programs) {
    if (existsSync(join(bin, program.binary))) continue;
    await buildOne(program, scratch, bin, say);
  }
  say("removing Go's build caches");
  rmSync(scratch, { recursive: true, force: true });
}

/**
 * @param {Program} program
 * @param {string} scratch
 * @param {string} bin
 * @param {import("./steps.mjs").Say} say
 */
async function buildOne(program, scratch, bin, say) {
  const cwd = join(scratch, program.binary);
  rmSync(cwd, { recursive: true, force: true });
  mkdirSync(cwd, { recursive: true });
  const env = {
    GOTOOLCHAIN: "local",
    GOFLAGS: "-mod=mod -modcacherw",
    CGO_ENABLED: "0",
    GOCACHE: join(scratch, "cache"),
    GOMODCACHE: join(scratch, "modules"),
  };
  /** @param {string[]} args @param {(line: string) => void} [onLine] */
  const go = (args, onLine) => run("go", args, onLine ? { cwd, env, onLine } : { cwd, env });

  await go(["mod", "init", "build"]);
  for (const [from, to] of Object.entries(program.replaced ?? {})) await go(["mod", "edit", `-replace=${from}=${to}`]);
  for (const [path, version] of Object.entries(program.modules))
    await go(["mod", "edit", `-require=${path}@${version}`]);

  let fetched = 0;
  let compiled = 0;
  say(`building ${program.binary} from Go modules; once for each machine, about nine minutes on two cores`);
  await go(
    [
      "build",
      "-v",
      "-trimpath",
      "-tags",
      "osusergo,grpcnotrace",
      "-ldflags",
      program.flags,
      "-o",
      program.binary,
      program.source,
    ],
    (line) => {
      if (line.startsWith("go: downloading")) fetched += 1;
      else compiled += 1;
      say(
        `building ${program.binary} from Go modules (about nine minutes in total): ${fetched} modules fetched, ${compiled} packages compiled`,
      );
    },
  );
  renameSync(join(cwd, program.binary), join(bin, program.binary));
}
