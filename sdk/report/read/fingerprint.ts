import { hash } from "node:crypto";
import { clausesOf } from "../coded-line";
import { type Change, isContainer, type PreviewLine } from "../preview";

/** The lines that name what a list gains and loses: OC3001 and so on. Others tell ages and states, which time changes. */
const changeCode = /^OC30/;

/**
 * The digest of a change: of its operation, its options, the paths that differ and the values on both sides. Of sets the
 * order does not count, of secrets only that they change.
 */
export function changeDigest(change: Change): string {
  const { urn, operation, id, provider, before, after, paths, replaceReasons, protect, retainOnDelete } = change;
  const at = isContainer(change) ? paths.map((path) => path.replace(/\[.*/, "")) : paths;
  return sha256(
    JSON.stringify([
      urn,
      operation,
      id,
      provider,
      [...new Set(at)].sort(),
      replaceReasons,
      protect,
      retainOnDelete,
      before,
      after,
    ]),
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

function sha256(text: string): string {
  return hash("sha256", text);
}
