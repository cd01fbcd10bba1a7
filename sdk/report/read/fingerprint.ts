import { createHash } from "node:crypto";
import { clausesOf } from "../coded-line";
import { type Change, isContainer, type PreviewLine } from "../preview";
import { setPaths } from "../set-paths";

/** The lines that name what a list gains and loses: OC3001 and so on. Others tell ages and states, which time changes. */
const changeCode = /^OC30/;

/**
 * The digest of a change: of its operation, its options, the paths that differ and the values on both sides. Of sets the
 * order does not count, of secrets only that they change.
 * @param inputs the inputs before and after, also of resources of other providers
 */
export function changeDigest(change: Change, inputs: readonly unknown[]): string {
  const { urn, operation, id, paths, replaceReasons, protect, retainOnDelete } = change;
  const ofContainer = isContainer(change);
  const values = inputs.map((side) => canonical(side, ofContainer ? "" : undefined));
  const at = ofContainer ? paths.map((path) => path.replace(/\[.*/, "")) : paths;
  const reasons = [...new Set(replaceReasons)].sort();
  return sha256(
    JSON.stringify([urn, operation, id, [...new Set(at)].sort(), reasons, protect, retainOnDelete, values]),
  );
}

/** What the provider's lines add: the secrets that change, by name. */
export function lineDigest(urn: string, { code, text }: PreviewLine): string | undefined {
  if (code === undefined || !changeCode.test(code)) return undefined;
  const clauses = clausesOf(text).map(({ change, names }) => [change, [...names].sort()]);
  return sha256(JSON.stringify([urn, code, clauses]));
}

/** The fingerprint of a preview, from the digests of its changes and lines. */
export function fingerprintOf(stack: readonly (string | undefined)[], digests: readonly string[]): string {
  return sha256(JSON.stringify(["openai-containers report 1", ...stack, ...[...digests].sort()]));
}

/** @param path its path in a container, whose sets have no order; undefined elsewhere */
function canonical(value: unknown, path: string | undefined): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const members = value.map((member) => canonical(member, path && `${path}[]`));
    return path !== undefined && setPaths.has(path) ? members.sort(byText) : members;
  }
  const under = (key: string) => (path === undefined ? undefined : path === "" ? key : `${path}.${key}`);
  const entries = Object.entries(value).map(([key, member]) => [key, canonical(member, under(key))] as const);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
