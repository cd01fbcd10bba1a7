import { coded } from "../../../provider/codes";
import { nameOf } from "../../../provider/model/urn";
import { previewLine } from "../coded-line";
import { type Change, type Inputs, isContainer, type Operation, type Preview, type PreviewLine } from "../preview";
import { changeDigest, fingerprintOf, lineDigest } from "./fingerprint";
import { heldInputs } from "./held-inputs";
import type { Diagnostic, Step, StepState } from "./step";
import { UnknownFormatError } from "./unknown-format-error";

/** Pulumi's operations: pkg/resource/deploy/step.go. `none` changes nothing, `leftover` deletes what is not in the program. */
const operations = new Map<string, Operation | "leftover">([
  ["create", "create"],
  ["create-replacement", "replace"],
  ["replace", "replace"],
  ["update", "update"],
  ["delete", "delete"],
  ["delete-replaced", "leftover"],
  ["import", "import"],
  ["import-replacement", "import"],
  ["same", "none"],
  ["read", "none"],
  ["read-replacement", "none"],
  ["read-discard", "none"],
  ["refresh", "none"],
  ["discard", "none"],
  ["discard-replaced", "none"],
  ["remove-pending-replace", "none"],
]);

/** Puts a preview together from what is read in either form, and holds no more than a report needs. */
export class PreviewBuilder {
  private readonly changes = new Map<string, { change: Change; digest: string }>();
  private readonly steps = new Map<string, number>();
  private readonly lines = new Map<string | undefined, PreviewLine[]>();
  private readonly errors: string[] = [];
  private summary: Record<string, number> | undefined;
  private readsLiveState = true;
  private stack: string | undefined;
  private project: string | undefined;

  constructor(private readonly source: string) {}

  /** @throws UnknownFormatError */
  step(step: Step): void {
    const operation = operations.get(step.op);
    if (operation === undefined) throw new UnknownFormatError(`the operation ${JSON.stringify(step.op)}`);
    this.steps.set(step.op, (this.steps.get(step.op) ?? 0) + 1);
    [, this.stack, this.project] = /^urn:pulumi:(.+?)::(.+?)::/.exec(step.urn) ?? [];
    if (operation === "none" && !changesOptions(step)) return;
    // Of a replacement, the step that creates and the logical one say the same.
    if (operation === "leftover" && this.changes.has(step.urn)) return;
    const whole = changeOf(step, operation === "leftover" ? "delete" : operation);
    const digest = changeDigest(whole);
    // Of other providers' resources nothing is judged.
    const change = isContainer(whole) ? whole : { ...whole, before: undefined, after: undefined };
    this.changes.set(step.urn, { change, digest });
  }

  diagnostic({ urn, message, severity }: Diagnostic): void {
    if (severity === "debug") return;
    const line = previewLine(message, severity === "error" || severity === "warning" ? severity : "info");
    if (line.severity === "error") this.errors.push(line.code === undefined ? line.text : `${line.code}: ${line.text}`);
    else if (line.code !== undefined) {
      const said = this.lines.get(urn);
      if (said) said.push(line);
      else this.lines.set(urn, [line]);
    }
  }

  counts(summary: Record<string, number>): void {
    this.summary = summary;
  }

  config(config: Inputs): void {
    if (String(config["openai-containers:liveness"]) === "false") this.readsLiveState = false;
  }

  /** The preview ended with a failure. */
  failed(): void {
    if (this.errors.length === 0)
      this.errors.push(coded("OC5114", `The preview in ${this.source} failed, and gives no reason`));
  }

  /** The text ended before the preview did. */
  cutShort(): void {
    const advice = "Pulumi was stopped, or the file was not written to its end. Run the preview again.";
    this.errors.push(coded("OC5104", `${this.source} is cut short. ${advice}`));
  }

  /** @throws UnknownFormatError */
  build(): Preview {
    if (this.errors.length === 0) this.assertComplete();
    const { source, project, stack, errors, readsLiveState } = this;
    const all = [...this.changes.values()].sort((a, b) => (a.change.urn < b.change.urn ? -1 : 1));
    const changes = all.map(({ change }) => ({ ...change, lines: inOrder(this.lines.get(change.urn) ?? []) }));
    const ofRun = [...this.lines].flatMap(([urn, said]) => (this.changes.has(urn ?? "") ? [] : said));
    const ofLines = changes.flatMap(({ urn, lines }) => lines.flatMap((line) => lineDigest(urn, line) ?? []));
    const fingerprint =
      errors.length === 0
        ? fingerprintOf([project, stack], [...all.map(({ digest }) => digest), ...ofLines])
        : undefined;
    const unchanged = this.summary?.["same"] ?? 0;
    return { source, project, stack, changes, unchanged, lines: inOrder(ofRun), readsLiveState, errors, fingerprint };
  }

  /** A form that this release cannot read must not pass for a preview without changes, or with fewer. */
  private assertComplete(): void {
    const { summary, stack } = this;
    if (stack === undefined || summary === undefined) throw new UnknownFormatError("no steps, or no summary");
    for (const [op, count] of Object.entries(summary)) {
      const found = this.steps.get(op) ?? 0;
      if (count > found && operations.get(op) !== "none")
        throw new UnknownFormatError(`${count} of "${op}" in the summary, and ${found} among the steps`);
    }
  }
}

/** Whether options differ of a resource that stays. */
function changesOptions({ oldState, newState }: Step): boolean {
  if (!oldState || !newState) return false;
  const { protect = false, retainOnDelete = false } = oldState;
  return protect !== (newState.protect ?? false) || retainOnDelete !== (newState.retainOnDelete ?? false);
}

function changeOf({ urn, oldState, newState, replaceReasons, detailedDiff }: Step, operation: Operation): Change {
  const type = newState?.type ?? oldState?.type ?? "";
  const createdAt = oldState?.outputs?.["createdAt"];
  const isOurs = isContainer({ type });
  const importId = newState?.inputs?.["__import"];
  return {
    urn,
    type,
    name: nameOf(urn),
    operation: isOurs && operation === "create" && typeof importId === "string" ? "import" : operation,
    id: oldState?.id ?? (isOurs && typeof importId === "string" ? importId : undefined),
    createdAt: typeof createdAt === "number" ? createdAt : undefined,
    before: held(oldState?.inputs, isOurs),
    after: held(newState?.inputs, isOurs),
    paths: Object.keys(detailedDiff ?? {}).sort(),
    replaceReasons: [...new Set(replaceReasons)].sort(),
    provider: providerOf(newState ?? oldState),
    protect: { before: oldState?.protect ?? false, after: newState?.protect ?? false },
    retainOnDelete: { before: oldState?.retainOnDelete ?? false, after: newState?.retainOnDelete ?? false },
    lines: [],
  };
}

/** Without the id, which Pulumi may not know before the update. */
function providerOf(state: StepState | null | undefined): string | undefined {
  return state?.provider?.replace(/::[^:]*$/, "");
}

/** Pulumi prints them as they arrive, in any order. */
function inOrder(lines: readonly PreviewLine[]): PreviewLine[] {
  const key = ({ code, text }: PreviewLine) => `${code} ${text}`;
  return [...lines].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function held(inputs: Inputs | undefined, ofContainer: boolean): Inputs | undefined {
  return inputs && heldInputs(inputs, ofContainer);
}
