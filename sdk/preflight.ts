import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { version } from "@pulumi/pulumi/version";
import { runError } from "./coded";

const packageName = "pulumi-openai-containers";
const lowestForGet = "3.268.0"; // the first whose dynamic providers can read a resource that is not in state
const settingsModule = join("@pulumi", "pulumi", "runtime", "settings.js");

/** The working directory from which the provider was found. */
let foundFrom: string | undefined;

/**
 * Checks the installation: with a broken one Pulumi would fail late and obscurely, or succeed and create nothing.
 * Does nothing in unit tests with mocks, and in a process without Pulumi's engine.
 * @throws pulumi.RunError which Pulumi prints without a stack trace
 */
export function preflight(name: string): void {
  if (isMocked()) return;
  const monitor = pulumi.runtime.getMonitor();
  if (monitor && requestType(monitor) === RegisterResourceRequest) assertProviderIsFound(name);
  else assertOneSdk(name, monitor !== undefined);
}

/** Whether the program is a unit test with Pulumi's mocks. */
export function isMocked(): boolean {
  const monitor = pulumi.runtime.getMonitor();
  return monitor !== undefined && requestType(monitor) === undefined;
}

/** A generated gRPC client's method has the class of the requests that it takes; a mock's has none. */
function requestType(monitor: { registerResource: object }): unknown {
  return Reflect.get(monitor.registerResource, "requestType");
}

/** @throws pulumi.RunError where the SDK cannot read a resource of a dynamic provider */
export function preflightGet(name: string, sdkVersion: string = version): void {
  const [major = 0, minor = 0] = sdkVersion.split(".").map(Number);
  const [lowest = 0, lowestMinor = 0] = lowestForGet.split(".").map(Number);
  if (major > lowest || (major === lowest && minor >= lowestMinor)) return;
  throw runError(
    "OC4002",
    `Container ${name}: Container.get needs @pulumi/pulumi ${lowestForGet} or newer: this program uses ${sdkVersion}. ` +
      "Run `npm install @pulumi/pulumi@latest`.",
  );
}

/**
 * Pulumi's host of dynamic providers loads the provider from its working directory. That is also this process's, on the
 * command line and in the Automation API, and a package that only a library depends on may not be resolvable from it.
 */
function assertProviderIsFound(name: string): void {
  const folder = process.cwd();
  if (foundFrom === folder) return;
  try {
    createRequire(join(folder, "index.js")).resolve(`${packageName}/provider`);
    foundFrom = folder;
  } catch {
    throw runError(
      "OC4003",
      `Container ${name}: Pulumi loads the provider from the program's folder, where ${packageName} cannot be resolved. ` +
        `Add it to ${join(projectOf(folder), "package.json")} with \`npm install ${packageName}\` in that folder; ` +
        "a library that uses it should declare it as a peer dependency.",
    );
  }
}

/** The nearest folder with a package.json. */
function projectOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, "package.json"))) return at;
    if (at === dirname(at)) return folder;
  }
}

/** @param isForeign whether this process has a connection, but one that accepts the messages of another copy only */
function assertOneSdk(name: string, isForeign: boolean): void {
  const own = require.resolve("@pulumi/pulumi/runtime/settings");
  const other = Object.keys(require.cache).find((file) => file.endsWith(settingsModule) && file !== own);
  if (!isForeign && !(other && isConnected(other))) return;
  throw runError(
    "OC4004",
    `Container ${name}: two copies of @pulumi/pulumi are loaded, and only one is connected to Pulumi's engine: ` +
      `the program uses ${other ? sdkFolder(other) : "another copy"}, ${packageName} uses ${sdkFolder(own)}. ` +
      "Keep one copy: run `npm dedupe` (or `pnpm dedupe`), and declare @pulumi/pulumi as a peer dependency in libraries.",
  );
}

/** Versions up to 3.200 do not share their connection with other copies. */
function isConnected(settings: string): boolean {
  const { getMonitor }: { getMonitor?: () => unknown } = require.cache[settings]?.exports ?? {};
  return getMonitor?.() !== undefined;
}

function sdkFolder(settings: string): string {
  return dirname(dirname(settings));
}
