import { isDeepStrictEqual } from "node:util";
import { withoutFolderPath } from "../../../provider/model/skills";
import { at } from "../../../provider/model/unknowns";
import { eachContainer, type FindingId, type ResourceFinding } from "../finding";
import type { Inputs } from "../preview";
import { changes, hides, holdsHidden, property } from "../property";

type SkillFinding = ResourceFinding<FindingId>;

const path = "skills";

/** Skills that come, go or change, and those whose content may change under their id. */
export const skills = eachContainer((change) => {
  if (!changes(change, path)) return [];
  const [old, now] = [byName(change.before), byName(change.after)];
  const isHidden = hides(change.before, path) || hides(change.after, path);
  const unpinned = [...now].filter(([name, skill]) => !isPinned(skill) && (!old.has(name) || isPinned(old.get(name))));
  return [
    ...(isHidden ? [hidden] : change.before ? changesBetween(old, now) : []),
    ...unpinned.map(([name, skill]) => unpinnedSkill(name, old.get(name), skill)),
  ];
});

const hidden: SkillFinding = {
  id: "skill-changed",
  path,
  sentence: "Skills are secret, or some are not known before the update.",
};

type Skills = ReadonlyMap<string, unknown>;

/** The skills that a preview shows whole. */
function byName(inputs: Inputs | undefined): Skills {
  const list = property(inputs, path);
  const shown: unknown[] = Array.isArray(list) ? list.filter((skill) => !holdsHidden(skill)) : [];
  return new Map(shown.flatMap((skill) => (nameOf(skill) === undefined ? [] : [[String(nameOf(skill)), skill]])));
}

function nameOf(skill: unknown): unknown {
  return at(skill, "skillId") ?? at(skill, "name");
}

function changesBetween(old: Skills, now: Skills): SkillFinding[] {
  const findings: SkillFinding[] = [];
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(name), now.get(name)];
    const sides = { path, before: label(name, was), after: label(name, is) };
    if (!isDeepStrictEqual(withoutFolderPath(was), withoutFolderPath(is)))
      findings.push({ id: "skill-changed", ...sides, sentence: `Skill ${JSON.stringify(name)} ${how(was, is)}.` });
  }
  const names = [[...old.keys()], [...now.keys()]] as const;
  if (findings.length === 0 && !isDeepStrictEqual(...names))
    findings.push({
      id: "skill-changed",
      path,
      before: names[0],
      after: names[1],
      sentence: "The order of skills changes.",
    });
  return findings;
}

function how(was: unknown, is: unknown): string {
  if (was === undefined) return "is added";
  if (is === undefined) return "is removed";
  if (at(was, "type") === "inline" || at(is, "type") === "inline") return "has another content or description";
  return `changes from version ${versionOf(was)} to ${versionOf(is)}`;
}

function versionOf(skill: unknown): string {
  return String(at(skill, "version") ?? "latest");
}

function unpinnedSkill(name: string, was: unknown, is: unknown): SkillFinding {
  const sides = { path, before: label(name, was), after: label(name, is) };
  const sentence = `Skill ${JSON.stringify(name)} has no version, or the latest, so its content may change.`;
  return { id: "skill-unpinned", ...sides, sentence };
}

/** `name@version`, or the name of a skill without versions; none where there is no skill. */
function label(name: string, skill: unknown): string[] {
  if (skill === undefined) return [];
  return [at(skill, "type") === "inline" ? name : `${name}@${versionOf(skill)}`];
}

function isPinned(skill: unknown): boolean {
  return at(skill, "type") === "inline" || versionOf(skill) !== "latest";
}
