import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { gte } from "semver";
import { z } from "zod";
import type { Emulator } from "../../sdk/emulator";
import { assertNothingLeft } from "./docker";

const checkout = join(__dirname, "../..");
/** Where programs have the package and Pulumi's SDK from: the checkout, or an installation of both. */
const installed = process.env["OPENAI_CONTAINERS_TEST_MODULES"];
const packageFolder = installed ? join(installed, "pulumi-openai-containers") : checkout;
const pulumiFolder = join(installed || join(checkout, "node_modules"), "@pulumi");
/** Whether the SDK of the programs can read a resource of a dynamic provider: from 3.268 on. */
export const canGet = gte(sdkVersion(), "3.268.0");

function sdkVersion(): string {
  return z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(pulumiFolder, "pulumi/package.json"), "utf8"))).version;
}

export interface Ran {
  code: number | null;
  /** Both streams, as a person would see them. */
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

const exported = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string(),
          type: z.string(),
          id: z.string().optional(),
          inputs: z.record(z.string(), z.unknown()).default({}),
          outputs: z.record(z.string(), z.unknown()).default({}),
          initErrors: z.array(z.string()).optional(),
          dependencies: z.array(z.string()).default([]),
          propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).default({}),
        }),
      )
      .default([]),
  }),
});
export type Exported = z.output<typeof exported>;
type Resource = Exported["deployment"]["resources"][number];

/** A stack of a program of its own, driven by the real command line, with its state in a temporary folder. */
export class Stack {
  readonly folder: string;
  /** Begins the names of its containers, so that what a failing test leaves can be found and removed. */
  readonly prefix: string;
  readonly env: NodeJS.ProcessEnv;

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
      ...extraEnv,
    };
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

  /** Sets the stack's program: the body of one that has `pulumi` and `Container` at hand. */
  program(body: string): this {
    writeFileSync(
      join(this.folder, "index.js"),
      `const pulumi = require("@pulumi/pulumi");\nconst { Container } = require("pulumi-openai-containers");\n${body}\n`,
    );
    return this;
  }

  /** Takes one of the repository's examples for the stack's project. */
  example(name: string): this {
    cpSync(join(checkout, "examples", name), this.folder, { recursive: true });
    for (const module of ["typescript", "ts-node"]) {
      symlinkSync(join(checkout, "node_modules", module), join(this.folder, "node_modules", module));
    }
    return this;
  }

  async init(): Promise<this> {
    await this.ok("stack", "init", "dev");
    return this;
  }

  up(...args: string[]): Promise<string> {
    return this.ok("up", "--yes", "--skip-preview", "--suppress-progress", ...args);
  }

  async preview(...args: string[]): Promise<z.output<typeof previewJson>> {
    const { text } = await this.run(["preview", "--json", ...args], { stdoutOnly: true });
    return previewJson.parse(JSON.parse(text));
  }

  async state(): Promise<Exported> {
    return exported.parse(JSON.parse(await this.ok("stack", "export")));
  }

  /** The one container in state, without its dependencies: a refresh does not record them. */
  async container(): Promise<Omit<Resource, "dependencies" | "propertyDependencies">> {
    const { deployment } = await this.state();
    const [container, ...more] = deployment.resources.filter(({ type }) => type.endsWith(":Container"));
    if (!container || more.length > 0) throw new Error(`${more.length + (container ? 1 : 0)} containers in state`);
    const { dependencies, propertyDependencies, ...rest } = container;
    return rest;
  }

  /** Changes the one container in state, as no command would. */
  async edit(change: (resource: Resource) => void): Promise<void> {
    const whole = JSON.parse(await this.ok("stack", "export"));
    const { urn } = await this.container();
    change(whole.deployment.resources.find((resource: { urn: string }) => resource.urn === urn));
    const file = join(this.folder, "edited.json");
    writeFileSync(file, JSON.stringify(whole));
    await this.ok("stack", "import", "--file", file);
  }

  /** Puts the copy of the state from before its last writing in the state's place. */
  takeBackup(): void {
    const file = join(this.folder, "state/.pulumi/stacks", this.prefix, "dev.json");
    for (const part of ["", ".attrs"]) copyFileSync(`${file}.bak${part}`, `${file}${part}`);
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

  /** Destroys the stack and removes its folder; fails where a container of it is left on the engine, or the emulator. */
  async end(place: Docker | Pick<Emulator, "containers">): Promise<void> {
    try {
      await this.ok("destroy", "--yes", "--skip-preview");
    } finally {
      if ("containers" in place) assert.deepEqual(place.containers(), []);
      else await assertNothingLeft(place, this.prefix);
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}
