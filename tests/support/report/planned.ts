import { isDeepStrictEqual } from "node:util";
import { changeLines } from "../../../provider/lifecycle/list-changes";

/** A container in a preview that a test writes itself, as Pulumi and the provider would say it. */
export interface Planned {
  name: string;
  op: string;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
  /** The paths that Pulumi would name in place of the arguments that differ. */
  paths?: readonly string[];
  reasons?: readonly string[];
  /** What the provider says besides the lists' changes: `warning: OC2001: …`. */
  lines?: readonly string[];
  oldState?: object;
  newState?: object;
}

export const stackUrn = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";
export const containerType = "pulumi-nodejs:dynamic/openai-containers:Container";

export const plain = {
  backend: "openai",
  memoryLimit: "1g",
  networkPolicy: { type: "disabled" },
  expiresAfter: { anchor: "last_active_at", minutes: 20 },
};

export function urnOf(name: string): string {
  return `urn:pulumi:dev::shop::${containerType}::${name}`;
}

/** What `pulumi preview --json` prints, as a value. */
export function previewJson(planned: readonly Planned[], more: object = {}): object {
  const counts = new Map<string, number>([["same", 1]]);
  for (const { op } of planned) counts.set(op, (counts.get(op) ?? 0) + 1);
  return {
    steps: [stackStep, ...planned.map(stepOf)],
    diagnostics: planned.flatMap(({ name, before, after, lines = [] }) => [
      ...(before && after ? changeLines(before, after, []) : []).map((text) => said(name, "info", text)),
      ...lines.map((text) => said(name, text.startsWith("warning") ? "warning" : "info", text)),
    ]),
    duration: 1,
    changeSummary: Object.fromEntries(counts),
    ...more,
  };
}

const stackState = { urn: stackUrn, custom: false, type: "pulumi:pulumi:Stack" };
const stackStep = { op: "same", urn: stackUrn, oldState: stackState, newState: stackState, detailedDiff: null };

function stepOf({ name, op, before, after, paths, reasons, oldState, newState }: Planned): object {
  const state = { urn: urnOf(name), custom: true, type: containerType };
  const args = Object.keys({ ...before, ...after });
  const changed = before && after ? args.filter((arg) => !isDeepStrictEqual(before[arg], after[arg])) : [];
  return {
    op,
    urn: urnOf(name),
    ...(before && { oldState: { ...state, id: `cntr_${name}`, inputs: shown(before), ...oldState } }),
    ...(after && { newState: { ...state, inputs: shown(after), ...newState } }),
    ...(op === "replace" && { replaceReasons: reasons ?? changed }),
    detailedDiff: Object.fromEntries((paths ?? changed).map((path) => [path, { kind: "update" }])),
  };
}

/** Pulumi shows domain secrets as one. */
function shown(args: Record<string, unknown>): object {
  const policy = args["networkPolicy"];
  if (typeof policy !== "object" || policy === null || !("domainSecrets" in policy)) return args;
  return { ...args, networkPolicy: { ...policy, domainSecrets: "[secret]" } };
}

function said(name: string, severity: string, message: string): object {
  return { urn: urnOf(name), severity, message: `${message}\n` };
}
