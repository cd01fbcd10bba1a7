import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { gte } from "semver";
import { z } from "zod";
import type { Emulator } from "../../sdk/emulator";
import { assertRecorded } from "./assert-recorded";
import { type Deployment, type Editable, StackFiles, type StateResource } from "./stack-files";

const checkout = join(__dirname, "../..");
/** The source of the package and of Pulumi's SDK in programs: the checkout, or an installation of both. */
const installed = process.env["OPENAI_CONTAINERS_TEST_MODULES"];
export const packageFolder = installed ? join(installed, "pulumi-openai-containers") : checkout;
/** The folder with Pulumi's SDK. */
export const modules = installed || join(checkout, "node_modules");
const pulumiFolder = join(modules, "@pulumi");
/** Whether the SDK of the programs can read a resource of a dynamic provider: from 3.268 on. */
export const canGet = gte(sdkVersion(), "3.268.0");

function sdkVersion(): string {
  return z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(pulumiFolder, "pulumi/package.json"), "utf8"))).version;
}

export interface Ran {
  code: number | null;
  /** stdout and stderr, as a terminal shows them. */
  text: string;
}

const previewJson = z.object({
  steps: z.array(
    z.object({
      op: z.string(),
      urn: z.string(),
      detailedDiff: z.record(z.string(), z.object({ kind: z.string() })).nullish(),
      replaceReasons: z.array(z.string()).nullish(),
      newState: z.object({ inputs: z.record(z.string(), z.unknown()).default({}) }).default({ inputs: {} }),
    }),
  ),
  diagnostics: z.array(z.object({ urn: z.string().optional(), message: z.string(), severity: z.string() })).default([]),
});

/** A stack of a program of its own, driven by the real command line, with its state in a temporary folder. */
export class Stack {
  readonly folder: string;
  /** Begins the names of its containers, so that orphans of a failed test can be found and removed. */
  readonly prefix: string;
  readonly env: NodeJS.ProcessEnv;
  private readonly files: StackFiles;

  /**
   * @param same another view of the same stack, from another environment; or, without its folder, a namesake: its
   * resources have the same URNs
   */
  constructor(extraEnv: NodeJS.ProcessEnv = {}, same?: { prefix: string; folder?: string }) {
    this.folder = same?.folder ?? mkdtempSync(join(tmpdir(), "openai-containers-test-"));
    this.prefix = same?.prefix ?? `t${randomBytes(4).toString("hex")}`;
    if (!same?.folder) this.layOut();
    this.env = {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
      PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
      PULUMI_STACK: "dev",
      ...extraEnv,
      NODE_OPTIONS: `--require=${join(__dirname, "plain-javascript.cjs")} ${extraEnv["NODE_OPTIONS"] ?? ""}`,
    };
    const state = this.env["PULUMI_BACKEND_URL"]?.replace("file://", "") ?? assert.fail();
    this.files = new StackFiles(this.folder, state);
  }

  private layOut(): void {
    const modules = join(this.folder, "node_modules");
    mkdirSync(modules);
    symlinkSync(packageFolder, join(modules, "pulumi-openai-containers"));
    symlinkSync(pulumiFolder, join(modules, "@pulumi"));
    writeFileSync(join(this.folder, "package.json"), "{}");
    // Its programs are JavaScript, so Pulumi need not load a compiler for each run.
    const runtime = "runtime: { name: nodejs, options: { typescript: false } }";
    writeFileSync(join(this.folder, "Pulumi.yaml"), `name: ${this.prefix}\n${runtime}\nmain: index.js\n`);
    mkdirSync(join(this.folder, "state"));
  }

  /** Sets the body of the stack's program, in which `pulumi` and `Container` are defined. */
  program(body: string): this {
    writeFileSync(
      join(this.folder, "index.js"),
      `const pulumi = require("@pulumi/pulumi");\nconst { Container } = require("pulumi-openai-containers");\n${body}\n`,
    );
    return this;
  }

  /** Uses one of the repository's examples as the stack's project. */
  example(name: string): this {
    cpSync(join(checkout, "examples", name), this.folder, { recursive: true });
    for (const module of ["typescript", "ts-node"]) {
      symlinkSync(join(checkout, "node_modules", module), join(this.folder, "node_modules", module));
    }
    return this;
  }

  init(): this {
    this.files.init();
    return this;
  }

  /** Sets a value of the stack's configuration, or a list; without one, removes it. A secret takes the command line. */
  configure(key: string, value?: string | string[]): this {
    this.files.configure(key, value);
    return this;
  }

  up(...args: string[]): Promise<string> {
    return this.ok("up", "--yes", "--skip-preview", "--suppress-progress", ...args);
  }

  async preview(...args: string[]): Promise<z.output<typeof previewJson>> {
    const { text } = await this.run(["preview", "--json", ...args], { stdoutOnly: true });
    return previewJson.parse(JSON.parse(text));
  }

  state(): { deployment: Deployment } {
    return { deployment: this.files.deployment() };
  }

  containers(): StateResource[] {
    return this.files.deployment().resources.filter(isContainer);
  }

  /** The one container in state, without its dependencies: a refresh does not record them. */
  container(): Omit<StateResource, "dependencies" | "propertyDependencies"> {
    const [container, ...more] = this.containers();
    if (!container || more.length > 0) throw new Error(`${more.length + (container ? 1 : 0)} containers in state`);
    const { dependencies, propertyDependencies, ...rest } = container;
    return rest;
  }

  /** The stack's outputs; a secret is encrypted. */
  outputs(): Record<string, unknown> {
    return this.files.deployment().resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
  }

  /** The ids that the program has exported. */
  ids(): Record<string, string> {
    return z.record(z.string(), z.string()).parse(this.outputs());
  }

  /** Changes the containers in state, which no command can do. */
  edit(change: (container: Editable) => void): void {
    this.files.edit((resources) => {
      for (const resource of resources.filter(isContainer)) change(resource);
    });
  }

  /** Removes the lock of a killed run. */
  release(): void {
    this.files.release();
  }

  /** Runs a command that must succeed. */
  async ok(...args: string[]): Promise<string> {
    const { code, text } = await this.run(args);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with code ${code}:\n${text}`);
    return text;
  }

  run(args: string[], { stdoutOnly = false, started = (_: ChildProcess) => {} } = {}): Promise<Ran> {
    return new Promise((resolve, reject) => {
      const child = spawn("pulumi", [...args, "--non-interactive"], {
        cwd: this.folder,
        env: this.env,
        stdio: ["ignore", "pipe", "pipe"],
      });
      started(child);
      let text = "";
      child.stdout.on("data", (data) => {
        text += data;
      });
      child.stderr.on("data", (data) => {
        if (!stdoutOnly) text += data;
      });
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, text }));
    });
  }

  destroy(): Promise<string> {
    return this.ok("destroy", "--yes", "--skip-preview");
  }

  /** Removes the stack's containers and folder; fails if others exist than state has, or if anything remains. */
  async end(holder: Docker | Pick<Emulator, "containers">): Promise<void> {
    try {
      const inState = this.containers().map(({ id }) => id ?? "no id");
      await assertRecorded(holder, this.prefix, inState);
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}

function isContainer({ type }: { type: string }): boolean {
  return type.endsWith(":Container");
}
