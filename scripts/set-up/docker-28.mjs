import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./places.mjs";
import { ask, run } from "./run.mjs";
import { SetUpError } from "./steps.mjs";

const version = "28.5.2"; // the last one of this module
const module = "github.com/docker/docker";

const home = join(cacheFolder, `docker-${version}`);
const bin = join(home, "bin");
const scratch = join(home, "build");

/** The engine comes last, so that it exists only once everything is built. */
const programs = ["docker-proxy", "dockerd"];

// Features that need C libraries, or a host with systemd.
const tags = "exclude_graphdriver_btrfs exclude_graphdriver_devicemapper no_systemd osusergo netgo";
const flags = `-w -s -X ${module}/dockerversion.Version=${version}`;

/**
 * For tests only: a Docker engine newer than Debian's, built from Go modules once for each machine, in minutes. It uses
 * Debian's containerd and runc. Go's caches are kept until the build succeeds, so that an interrupted build continues where
 * it stopped.
 * @param {import("./steps.mjs").Say} say
 * @returns {Promise<string>} the folder of the binaries
 */
export async function docker28(say) {
  if (programs.every((program) => existsSync(join(bin, program)))) return bin;
  if ((await ask("go", ["version"])) === undefined) {
    throw new SetUpError(
      `Go is not installed to build Docker Engine ${version}.\nInstall Go 1.26 or newer, then run this again.`,
    );
  }
  mkdirSync(bin, { recursive: true });
  const source = await fetchSource(say);
  for (const program of programs) {
    if (!existsSync(join(bin, program))) await buildOne(program, source, say);
  }
  say("removing Go's build caches");
  rmSync(scratch, { recursive: true, force: true });
  return bin;
}

const env = {
  GOTOOLCHAIN: "local",
  GOFLAGS: "-mod=mod -modcacherw -buildvcs=false",
  CGO_ENABLED: "0",
  GOCACHE: join(scratch, "cache"),
  GOMODCACHE: join(scratch, "modules"),
};

/**
 * The source as a main module: its go.mod is named vendor.mod, as the project predates Go modules.
 * @param {import("./steps.mjs").Say} say
 */
async function fetchSource(say) {
  const source = join(scratch, "source");
  rmSync(source, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  say(`fetching the source of Docker Engine ${version}`);
  const printed = await run("go", ["mod", "download", "-json", `${module}@v${version}+incompatible`], {
    cwd: scratch,
    env,
  });
  /** @type {{ Dir: string }} */
  const { Dir: fetched } = JSON.parse(printed);
  const vendored = join(fetched, "vendor");
  cpSync(fetched, source, { recursive: true, filter: (path) => path !== vendored });
  renameSync(join(source, "vendor.mod"), join(source, "go.mod"));
  renameSync(join(source, "vendor.sum"), join(source, "go.sum"));
  return source;
}

/**
 * @param {string} program
 * @param {string} cwd
 * @param {import("./steps.mjs").Say} say
 */
async function buildOne(program, cwd, say) {
  let fetched = 0;
  let compiled = 0;
  const what = `building ${program} ${version} from Go modules (once for each machine, about nine minutes in total)`;
  say(what);
  await run(
    "go",
    ["build", "-v", "-trimpath", "-tags", tags, "-ldflags", flags, "-o", `${program}.new`, `./cmd/${program}`],
    {
      cwd,
      env,
      onLine: (line) => {
        if (line.startsWith("go: downloading")) fetched += 1;
        else compiled += 1;
        say(`${what}: ${fetched} modules fetched, ${compiled} packages compiled`);
      },
    },
  );
  renameSync(join(cwd, `${program}.new`), join(bin, program));
}
