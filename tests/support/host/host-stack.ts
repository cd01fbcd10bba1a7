import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type Docker from "dockerode";
import type { Emulator } from "../../../sdk/emulator";
import { assertRecorded } from "../assert-recorded";
import { modules, packageFolder } from "../stack";
import { type Properties, ProviderProcess } from "./provider-process";
import { unmarked } from "./secret-marks";

interface Resource {
  id: string;
  inputs: Properties;
  outputs: Properties;
  /** Why a container that was created only in part is not complete. */
  initErrors: string[];
}

export interface Step {
  op: "create" | "same" | "update" | "replace" | "delete" | "failed";
  /** Why it is replaced. */
  reasons: string[];
  /** The arguments that a preview shows as changed. */
  changed: string[];
}

/** The steps of a run or preview, and its messages. */
export interface Ran {
  steps: Record<string, Step>;
  /** The inputs that a plan has checked, by resource. */
  inputs: Record<string, Properties>;
  warnings: string[];
  infos: string[];
  /** The errors of resources that failed, by name. */
  problems: Record<string, string[]>;
}

const providerCode = 'exports.handler=()=>require("pulumi-openai-containers/provider").provider';

/**
 * A stack of containers as Pulumi's engine runs it, without the command line: each run is a provider's process of its own.
 * For the provider's decisions and messages; tests/engine covers what Pulumi does with them.
 */
export class HostStack {
  readonly folder = mkdtempSync(join(tmpdir(), "openai-containers-host-"));
  /** Begins the names of its containers. */
  readonly prefix = `t${randomBytes(4).toString("hex")}`;
  readonly resources = new Map<string, Resource>();
  config: Record<string, string> = {};
  private program: Record<string, Properties> = {};

  constructor(public env: NodeJS.ProcessEnv) {
    mkdirSync(join(this.folder, "node_modules"));
    symlinkSync(packageFolder, join(this.folder, "node_modules/pulumi-openai-containers"));
    symlinkSync(join(modules, "@pulumi"), join(this.folder, "node_modules/@pulumi"));
    writeFileSync(join(this.folder, "package.json"), "{}");
  }

  /** Sets the containers of the program: their arguments by the names of their resources. */
  containers(program: Record<string, Properties>): this {
    this.program = program;
    return this;
  }

  urnOf(name: string): string {
    return `urn:pulumi:dev::${this.prefix}::pulumi-nodejs:dynamic/openai-containers:Container::${name}`;
  }

  idOf(name: string): string {
    return this.resources.get(name)?.id ?? assert.fail(`there is no ${name}`);
  }

  preview(): Promise<Ran> {
    return this.run((run, name, ran) => this.plan(run, name, ran));
  }

  up(): Promise<Ran> {
    return this.run(async (run, name, ran) => {
      const inputs = await this.plan(run, name, ran);
      if (inputs) await this.apply(run, name, ran, inputs);
    });
  }

  refresh(): Promise<Ran> {
    return this.run(async (run, name, ran) => {
      const known = this.resources.get(name);
      if (!known) return;
      const found = await run.read(known.id, known.outputs);
      const next = found && resourceFrom(known, found);
      // Pulumi diffs the state that it has read, too, against the last inputs of the program.
      if (next) await run.diff(known.id, next.outputs, known.inputs);
      const changed = next ? differing(known.outputs, next.outputs) : [];
      ran.steps[name] = { op: next ? (changed.length > 0 ? "update" : "same") : "delete", reasons: [], changed };
      if (next) this.resources.set(name, next);
      else this.resources.delete(name);
    });
  }

  destroy(): Promise<Ran> {
    return this.run(async (run, name, ran) => {
      const known = this.resources.get(name);
      if (!known) return;
      await run.delete(known.id, known.outputs);
      this.resources.delete(name);
      ran.steps[name] = { op: "delete", reasons: [], changed: [] };
    });
  }

  /** Removes the containers and the folder; fails if others exist than state has, or if anything remains. */
  async end(holder: Docker | Pick<Emulator, "containers">): Promise<void> {
    try {
      await assertRecorded(
        holder,
        this.prefix,
        [...this.resources.values()].map(({ id }) => id),
      );
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  private async run(work: (run: ProviderProcess, name: string, ran: Ran) => Promise<unknown>): Promise<Ran> {
    const ran: Ran = { steps: {}, inputs: {}, warnings: [], infos: [], problems: {} };
    const run = await ProviderProcess.start(this.folder, this.env, this.config);
    try {
      await Promise.all(
        Object.keys(this.program).map((name) =>
          work(run, name, ran).catch((error: Error) => fail(ran, name, [error.message.replace(/^\d+ \w+: /, "")])),
        ),
      );
    } finally {
      await run.end();
    }
    return { ...ran, warnings: run.log.warnings(), infos: run.log.infos() };
  }

  /** @returns the inputs, where there are no problems */
  private async plan(run: ProviderProcess, name: string, ran: Ran): Promise<Properties | undefined> {
    const known = this.resources.get(name);
    const news = {
      name: `${this.prefix}-${name}`,
      ...this.program[name],
      __provider: providerCode,
      __urn: this.urnOf(name),
    };
    const { inputs: marked, problems } = await run.check(known?.inputs ?? {}, news);
    if (problems.length > 0) {
      fail(ran, name, problems);
      return undefined;
    }
    const inputs = unmarked(marked);
    ran.inputs[name] = inputs;
    if (!known) {
      ran.steps[name] = { op: "create", reasons: [], changed: [] };
      return inputs;
    }
    const { changes, replaces } = await run.diff(known.id, known.outputs, inputs);
    // Pulumi updates what was created in part, although its diff shows no change.
    const op = replaces.length > 0 ? "replace" : changes || known.initErrors.length > 0 ? "update" : "same";
    ran.steps[name] = { op, reasons: [...replaces].sort(), changed: differing(known.inputs, inputs) };
    // Pulumi checks the inputs of a replacement again, as those of a new resource.
    return op === "replace" ? unmarked((await run.check({}, news)).inputs) : inputs;
  }

  private async apply(run: ProviderProcess, name: string, ran: Ran, inputs: Properties): Promise<void> {
    const known = this.resources.get(name);
    const op = ran.steps[name]?.op;
    if (op === "create" || op === "replace") {
      const { id, outputs, initErrors } = await run.create(inputs);
      this.resources.set(name, { id, inputs, outputs: unmarked(outputs), initErrors });
      if (initErrors.length > 0) return fail(ran, name, initErrors);
      if (known) await run.delete(known.id, known.outputs);
    }
    if (op === "update" && known) {
      const outputs = await run.update(known.id, known.outputs, inputs);
      this.resources.set(name, { id: known.id, inputs, outputs: unmarked(outputs), initErrors: [] });
    }
  }
}

/** A resource as a refresh leaves it. Without inputs of the provider, Pulumi keeps those in state. */
/** The resource as a refresh stores it, which clears the mark of a partial create. */
function resourceFrom({ id, inputs }: Resource, found: { inputs?: Properties; outputs: Properties }): Resource {
  const read = found.inputs ? unmarked(found.inputs) : inputs;
  return { id, inputs: read, outputs: unmarked(found.outputs), initErrors: [] };
}

function fail(ran: Ran, name: string, problems: string[]): void {
  ran.steps[name] = { op: "failed", reasons: [], changed: [] };
  ran.problems[name] = problems;
}

/** The properties that differ, hidden ones aside. */
function differing(before: Properties, after: Properties): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !key.startsWith("__") && !isDeepStrictEqual(before[key], after[key]))
    .sort();
}
