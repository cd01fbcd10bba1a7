import type { Candidate } from "../../../provider/command-line";

/** Which containers to import: those that match everything it has. */
export interface Filter {
  name?: RegExp;
  status?: string;
  memory?: string;
  /** The age in seconds, by the backend's clock. */
  olderThan?: number;
  newerThan?: number;
}

export function matches({ observed }: Candidate, { name, status, memory, olderThan, newerThan }: Filter): boolean {
  const age = observed.reportedAt - observed.createdAt;
  return (
    (name === undefined || name.test(observed.name)) &&
    (status === undefined || observed.status === status) &&
    (memory === undefined || observed.memoryLimit === memory) &&
    (olderThan === undefined || age > olderThan) &&
    (newerThan === undefined || age < newerThan)
  );
}

/** A pattern for whole names: `*` matches any characters, `?` one. */
export function globPattern(glob: string): RegExp {
  const escaped = glob.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "su");
}

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `2h` gives 7200; undefined for what is no duration. */
export function secondsOf(text: string): number | undefined {
  const [, count = "", unit = ""] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const seconds = unitSeconds[unit];
  return seconds === undefined ? undefined : Number(count) * seconds;
}
