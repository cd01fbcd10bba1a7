import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { writePlaceholders } from "./placeholders.mjs";

/** A stack with an empty state of its own in a temporary folder, for the project in the working directory. */
export class LocalStack {
  #folder = mkdtempSync(join(tmpdir(), "preview-emulated-"));
  #name;

  /** @param {string} name as in PULUMI_STACK, with or without an organization: resources get the same URNs */
  constructor(name) {
    this.#name = name.slice(name.lastIndexOf("/") + 1);
  }

  /** Pulumi writes a new stack's configuration beside the project file, so it gets a copy of that. */
  async init() {
    const project = join(this.#folder, "project");
    mkdirSync(project);
    copyFileSync("Pulumi.yaml", join(project, "Pulumi.yaml"));
    return this.#pulumi(project, ["stack", "init", this.#name]);
  }

  /**
   * Runs `pulumi up` or `pulumi preview` on the program in a folder, with the stack's configuration that is there and a
   * placeholder for each secret of it.
   * @param {string} folder
   * @param {string[]} args
   * @param {{ env?: NodeJS.ProcessEnv, stdout?: number }} [options] stdout: a file descriptor, by default stderr's
   * @returns the exit code
   */
  run(folder, args, options) {
    const configuration = join(this.#folder, "configuration.yaml");
    writePlaceholders(join(folder, `Pulumi.${this.#name}.yaml`), configuration);
    return this.#pulumi(folder, [...args, "--non-interactive", "--config-file", configuration], options);
  }

  remove() {
    rmSync(this.#folder, { recursive: true });
  }

  /**
   * @param {string} folder
   * @param {string[]} args
   * @param {{ env?: NodeJS.ProcessEnv, stdout?: number }} [options]
   */
  async #pulumi(folder, args, { env, stdout = 2 } = {}) {
    const { OPENAI_API_KEY: _, ...withoutKey } = process.env;
    const own = {
      PULUMI_BACKEND_URL: `file://${this.#folder}`,
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_STACK: this.#name,
    };
    const child = spawn("pulumi", args, {
      cwd: resolve(folder),
      env: { ...withoutKey, ...own, ...env },
      stdio: ["ignore", stdout, "inherit"],
    });
    const [code] = await once(child, "exit");
    return code ?? 1; // null after a signal
  }
}
