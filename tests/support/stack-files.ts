import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";

const resource = z.object({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  protect: z.boolean().optional(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
  initErrors: z.array(z.string()).optional(),
  dependencies: z.array(z.string()).default([]),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).default({}),
});
export type StateResource = z.output<typeof resource>;
const deployment = z.object({ resources: z.array(resource).default([]) });
export type Deployment = z.output<typeof deployment>;
const checkpoint = z.object({ checkpoint: z.object({ latest: deployment.default({ resources: [] }) }) });

/** A state file, of which a test changes this part. */
const editable = z.looseObject({
  checkpoint: z.looseObject({
    latest: z.looseObject({
      resources: z.array(
        z.looseObject({
          type: z.string(),
          inputs: z.record(z.string(), z.unknown()).default({}),
          outputs: z.record(z.string(), z.unknown()).default({}),
        }),
      ),
    }),
  }),
});
export type Editable = z.output<typeof editable>["checkpoint"]["latest"]["resources"][number];

/** What Pulumi writes for the passphrase `test`. */
const encryptionSalt = "v1:KdAuZfz1vnU=:v1:lV35lRwiIRj2jNWF:WFVjJO+j50Dxhzt2IFoCihui9E4+sA==";

/**
 * A stack's state and configuration in the layout of Pulumi's file backend. Read and written here without the command
 * line, whose start takes more time than the rest of a test.
 */
export class StackFiles {
  private readonly config: string;

  constructor(
    private readonly folder: string,
    private readonly state: string,
  ) {
    this.config = join(folder, "Pulumi.dev.yaml");
  }

  private get project(): string {
    const text = readFileSync(join(this.folder, "Pulumi.yaml"), "utf8");
    return /^name: (.+)$/m.exec(text)?.[1] ?? assert.fail(text);
  }

  private get stateFile(): string {
    return join(this.state, ".pulumi/stacks", this.project, "dev.json");
  }

  /** As `pulumi stack init dev` does. */
  init(): void {
    const empty = { version: 3, checkpoint: { stack: `organization/${this.project}/dev` } };
    mkdirSync(dirname(this.stateFile), { recursive: true });
    writeFileSync(join(this.state, ".pulumi/meta.yaml"), "version: 1\n");
    writeFileSync(this.stateFile, JSON.stringify(empty));
    if (!existsSync(this.config)) writeFileSync(this.config, `encryptionsalt: ${encryptionSalt}\n`);
  }

  /** As `pulumi config set` of a value in clear does, or `pulumi config rm` where there is no value. */
  configure(key: string, value: string | string[] | undefined): void {
    const lines = readFileSync(this.config, "utf8").split("\n");
    const others = lines.filter((line) => !line.startsWith(`  ${key}: `));
    const head = others.indexOf("config:");
    const set = value === undefined ? [] : [`  ${key}: ${JSON.stringify(value)}`];
    const written =
      head < 0 ? [...others, "config:", ...set] : [...others.slice(0, head + 1), ...set, ...others.slice(head + 1)];
    writeFileSync(
      this.config,
      written
        .filter((line) => line !== "")
        .join("\n")
        .concat("\n"),
    );
  }

  /** What `pulumi stack export` prints. @throws where a run was killed while it wrote the file */
  deployment(): Deployment {
    return checkpoint.parse(JSON.parse(readFileSync(this.stateFile, "utf8"))).checkpoint.latest;
  }

  /** Changes the state, which no command can do. */
  edit(change: (resources: Editable[]) => void): void {
    const whole = editable.parse(JSON.parse(readFileSync(this.stateFile, "utf8")));
    change(whole.checkpoint.latest.resources);
    writeFileSync(this.stateFile, JSON.stringify(whole));
  }

  /**
   * Removes the lock of a killed run. A kill while Pulumi writes the state leaves files that it cannot read: the state
   * itself, or its attributes, which are written in place (setAttrs in blob/fileblob/attrs.go of gocloud.dev) and which
   * Pulumi does without.
   */
  release(): void {
    rmSync(join(this.state, ".pulumi/locks"), { recursive: true, force: true });
    rmSync(`${this.stateFile}.attrs`, { force: true });
    try {
      this.deployment();
    } catch {
      copyFileSync(`${this.stateFile}.bak`, this.stateFile);
    }
  }
}
