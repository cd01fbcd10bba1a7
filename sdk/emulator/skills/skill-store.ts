import { randomBytes } from "node:crypto";
import { AccountItems } from "../account-items";
import type { Bundle } from "./bundle";

/** A skill of the account. */
export interface StoredSkill {
  /** `skill_` and 32 hex digits. */
  readonly id: string;
  /** Unix seconds. */
  readonly createdAt: number;
  /** By number, oldest first; never empty. */
  readonly versions: Map<string, SkillVersion>;
  defaultVersion: string;
  /** The number of the newest version that ever was. */
  lastNumber: number;
}

export interface SkillVersion extends Bundle {
  /** `skillver_` and 32 hex digits. */
  readonly id: string;
  readonly version: string;
  /** Unix seconds. */
  readonly createdAt: number;
}

/** The skills of all accounts. */
export class SkillStore extends AccountItems<StoredSkill> {
  /** @param now milliseconds since the epoch */
  constructor(private readonly now: () => number) {
    super();
  }

  /** Prepares a skill that does not exist until it is added. */
  prepare(bundle: Bundle): StoredSkill {
    const first = this.prepareVersion(bundle, 1);
    const { createdAt, version } = first;
    const id = `skill_${randomBytes(16).toString("hex")}`;
    return { id, createdAt, versions: new Map([[version, first]]), defaultVersion: version, lastNumber: 1 };
  }

  /** Prepares a version that its skill does not have yet. */
  prepareVersion(bundle: Bundle, number: number): SkillVersion {
    const id = `skillver_${randomBytes(16).toString("hex")}`;
    return { ...bundle, id, version: String(number), createdAt: Math.floor(this.now() / 1000) };
  }
}

export function latestVersion({ versions }: StoredSkill): string {
  return [...versions.keys()].at(-1) ?? "";
}
