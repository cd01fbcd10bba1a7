import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { checkout, stateFolder } from "./places.mjs";

/** The stack of the project at the root of this checkout. */
export const stack = process.env["PULUMI_STACK"] ?? "dev";

/**
 * The environment for Pulumi's commands: state, settings and passphrase in a folder of this checkout's own outside the
 * repository, and nothing that needs the internet. Nobody's own Pulumi login or stacks are touched.
 * @param {string | undefined} bin the folder of Pulumi's command line, where it is not on PATH
 * @returns {NodeJS.ProcessEnv}
 */
export function pulumiEnv(bin) {
  const passphrase = join(stateFolder, "passphrase");
  if (!existsSync(passphrase)) {
    writeFileSync(passphrase, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx" });
    forgetSalt();
  }
  const path = process.env["PATH"] ?? "";
  return {
    ...process.env,
    PATH: bin ? `${bin}${delimiter}${path}` : path,
    PULUMI_HOME: join(stateFolder, "pulumi-home"),
    PULUMI_BACKEND_URL: `file://${stateFolder}`,
    PULUMI_CONFIG_PASSPHRASE: undefined, // would win over the file
    PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
  };
}

/** The stack's file has a salt, which proves the passphrase that it was made with: Pulumi would refuse a new one. */
function forgetSalt() {
  const file = join(checkout, `Pulumi.${stack}.yaml`);
  if (existsSync(file)) writeFileSync(file, readFileSync(file, "utf8").replace(/^encryptionsalt:.*\n?/m, ""));
}
