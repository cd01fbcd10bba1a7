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

/** The engine comes last: where it is, all is. */
const programs = ["docker-proxy", "dockerd"];

// What would need C libraries, or a host with systemd.
const tags = "exclude_graphdriver_btrfs exclude_graphdriver_devicemapper no_systemd osusergo netgo";
const flags = `-w -s -X ${module}/dockerversion.Version=${version}`;

/**
 * For tests only: a Docker engine newer than Debian's, built from Go modules: minutes, once a machine. It runs on Debian's
 * containerd and runc. Go's caches stay until the build has succeeded, so that an interrupted one goes on where it was.
 * @param {import("./steps.mjs").Say} say
 * @returns {Promise<string>} the folder of the binaries
 */
export async function docker28(say) {
  if (programs.every((program) => existsSync(join(bin, program)))) return bin;
  if ((await ask("go", ["version"])) === undefined) {
    throw new SetUpError(
      `There is no Go to build Docker Engine ${version} with.\nInstall Go 1.26 or newer, then run this again.`,
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
 * The module as a main one: its own list of modules has another name, as it was made before Go had modules.
 * @param {import("./steps.mjs").Say} say
 */
async function fetchSource(say) {
  const source = join(scratch, "source");
  rmSync(source, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  say(`fetching the source of Docker Engine ${version}`);
  const told = await run("go", ["mod", "download", "-json", `${module}@v${version}+incompatible`], {
    cwd: scratch,
    env,
  });
  /** @type {{ Dir: string }} */
  const { Dir: fetched } = JSON.parse(told);
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
  const what = `building ${program} ${version} from Go modules (both take about nine minutes, once a machine)`;
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
