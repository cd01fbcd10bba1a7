import type { Finding, Rule } from "../finding";
import type { Preview } from "../preview";
import { backend } from "./backend";
import { egress } from "./egress";
import { files } from "./files";
import { image } from "./image";
import { deleted, expired, imported, protection, replaced } from "./life";
import { memory } from "./memory";
import { notVerified } from "./not-verified";
import { runtime } from "./runtime";
import { secrets } from "./secrets";
import { skills } from "./skills";

/** The rules of this package: one for each kind of finding, or a few that belong together. */
export const builtInRules: readonly Rule[] = [
  egress,
  secrets,
  replaced,
  expired,
  deleted,
  imported,
  protection,
  memory,
  backend,
  image,
  runtime,
  skills,
  files,
  notVerified,
];

/**
 * What a reviewer should know of a preview, the heaviest first. Of a preview with `errors` it is what was read of it.
 * @param rules such as `[...builtInRules, ownRule]`
 */
export function findingsOf(preview: Preview, rules: readonly Rule[] = builtInRules): Finding[] {
  const findings = rules.flatMap((rule) => rule(preview));
  return findings.sort(
    (a, b) =>
      b.weight - a.weight || order(a.urn ?? "", b.urn ?? "") || order(a.id, b.id) || order(a.sentence, b.sentence),
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
