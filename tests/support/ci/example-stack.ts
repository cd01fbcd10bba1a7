import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageFolder, Stack } from "../stack";
import { example, runScript, type ScriptResult } from "./run-script";

/** A copy of examples/ci and its stack, in which the scripts run as in a job. */
export class ExampleStack {
  readonly stack: Stack;

  /** @param baseUrl the API's */
  constructor(baseUrl: string) {
    // `npm run check` checks the program's types; here each run would take as long again.
    const env = { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: "any", PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
    this.stack = new Stack(env).example("ci").init();
    const commands = join(this.stack.folder, "node_modules/.bin");
    mkdirSync(commands);
    const command = join(packageFolder, "dist/sdk/cli/index.js");
    writeFileSync(join(commands, "openai-containers"), `#!/bin/sh\nexec node ${command} "$@"\n`);
    chmodSync(join(commands, "openai-containers"), 0o755);
  }

  /** Makes the example's change to its program. */
  change(): void {
    const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(this.stack.folder) };
    execFileSync("git", ["apply", join(example, "before-and-after/change.patch")], { cwd: this.stack.folder, env });
  }

  /** Changes its program. */
  replace(before: string, after: string): void {
    this.write("index.ts", this.read("index.ts").replace(before, after));
  }

  read(file: string): string {
    return readFileSync(join(this.stack.folder, file), "utf8");
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.stack.folder, file), text);
  }

  /** Copies its program and configuration to a folder inside, where packages are found too. */
  copyTo(folder: string): void {
    mkdirSync(join(this.stack.folder, folder));
    for (const file of ["Pulumi.yaml", "Pulumi.dev.yaml", "index.ts", "package.json", "tsconfig.json"]) {
      cpSync(join(this.stack.folder, file), join(this.stack.folder, folder, file));
    }
  }

  remove(): void {
    rmSync(this.stack.folder, { recursive: true });
  }

  /** Runs a script with access to the stack. */
  script(name: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<ScriptResult> {
    return runScript(name, args, { ...this.stack.env, ...env }, this.stack.folder);
  }

  /** Runs a script as for a fork: without the variables that give access to the stack and the API. */
  forkScript(name: string, args: string[]): Promise<ScriptResult> {
    const { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE, OPENAI_API_KEY, OPENAI_BASE_URL, ...env } = this.stack.env;
    return runScript(name, args, env, this.stack.folder);
  }
}
