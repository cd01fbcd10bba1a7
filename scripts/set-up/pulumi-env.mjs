import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { checkout, stateFolder } from "./places.mjs";

/** The stack of the project at the root of this checkout. */
export const stack = process.env["PULUMI_STACK"] ?? "dev";

/**
 * The environment of Pulumi's commands: state, settings and passphrase are in this checkout's own folder outside the
 * repository, and nothing needs the internet. The user's own Pulumi login and stacks are not touched.
 * @param {string | undefined} bin the folder of Pulumi's command line, where it is not on PATH
 * @returns {NodeJS.ProcessEnv}
 */
export function pulumiEnv(bin) {
  const passphrase = join(stateFolder, "passphrase");
  if (!existsSync(passphrase)) {
    writeFileSync(passphrase, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx" });
    removeSalt();
  }
  const path = process.env["PATH"] ?? "";
  return {
    ...process.env,
    PATH: bin ? `${bin}${delimiter}${path}` : path,
    PULUMI_HOME: join(stateFolder, "pulumi-home"),
    PULUMI_BACKEND_URL: `file://${stateFolder}`,
    PULUMI_CONFIG_PASSPHRASE: undefined, // would override the file
    PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
  };
}

/** The stack's file has a salt of the earlier passphrase: with it, Pulumi would reject a new one. */
function removeSalt() {
  const file = join(checkout, `Pulumi.${stack}.yaml`);
  if (existsSync(file)) writeFileSync(file, readFileSync(file, "utf8").replace(/^encryptionsalt:.*\n?/m, ""));
}
