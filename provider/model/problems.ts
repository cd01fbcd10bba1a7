import type { z } from "zod";
import { type Code, coded } from "../codes";
import { at } from "./unknowns";

/** What is wrong with one property, as a whole message: `OC1003: path: got …, expected …`, the path as the user wrote it. */
export type Problem = string;

/** The same in two parts, for messages that have a code of their own. */
export interface Mistake {
  code: Code;
  text: string;
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

export function problemsOf(issues: readonly Issue[], input: unknown, allowedKeys: readonly string[]): Problem[] {
  return mistakesIn(issues, input, allowedKeys).map(({ code, text }) => coded(code, text));
}

/** One mistake a property; of several about the same one, the last, which is the narrowest. */
export function mistakesIn(issues: readonly Issue[], input: unknown, allowedKeys: readonly string[]): Mistake[] {
  const byPath = new Map<string, Mistake>();
  for (const issue of issues) {
    if (issue.code === "unrecognized_keys") {
      const expected = issue.path.length === 0 ? `, expected one of ${allowedKeys.join(", ")}` : "";
      for (const key of issue.keys) {
        const path = pathText([...issue.path, key]);
        byPath.set(path, { code: "OC1002", text: `${path}: unknown property${expected}` });
      }
    } else {
      const path = pathText(issue.path);
      const value = issue.path.reduce(at, input);
      const text = `${path}: ${got(issue, value)}, expected ${expectation(issue, value)}`;
      byPath.set(path, { code: codeOf(issue, value), text });
    }
  }
  return [...byPath.values()];
}

function codeOf(issue: Issue, value: unknown): Code {
  if (issue.code === "custom" && issue.params?.["isConflict"] === true) return "OC1004";
  return value === undefined ? "OC1001" : "OC1003";
}

/** `networkPolicy.allowedDomains[2]` */
function pathText(path: Path): string {
  return path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index > 0 ? "." : ""}${String(key)}`))
    .join("");
}

function expectation(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case "invalid_value":
      return oneOf(issue.values);
    case "invalid_union":
      return "options" in issue && issue.options ? oneOf(issue.options) : issue.message;
    case "invalid_type":
      return isInfinite(value) ? "a finite number" : (typeNames[issue.expected] ?? issue.expected);
    case "too_small":
      return `at least ${amount(issue.minimum, issue.origin)}`;
    case "too_big":
      return `at most ${amount(issue.maximum, issue.origin)}`;
    default:
      return issue.message;
  }
}

/**
 * A value is never quoted: it could be a secret, as Pulumi passes every value to dynamic providers in clear and prints the
 * failures of a check. Its kind may be named: by a rule of our own, or of a number.
 */
function got(issue: Issue, value: unknown): string {
  if (issue.code === "custom" && typeof issue.params?.["got"] === "string") return `got ${issue.params["got"]}`;
  if (value === undefined) return "missing";
  if (typeof value === "string" && value !== "") return `got text of ${amount(value.length, "string")}`;
  return `got ${typeof value === "number" ? kindOfNumber(issue, value) : kindOf(value)}`;
}

function kindOfNumber(issue: Issue, value: number): string {
  if (!Number.isFinite(value)) return String(value); // NaN or an infinity
  if (issue.code === "too_small") return `a number below ${issue.minimum}`;
  if (issue.code === "too_big") return `a number above ${issue.maximum}`;
  return issue.code === "invalid_type" && issue.expected === "int" ? "a fraction" : "a number";
}

function isInfinite(value: unknown): boolean {
  return value === Infinity || value === -Infinity;
}

function kindOf(value: unknown): string {
  if (value === "") return "an empty string";
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function oneOf(values: readonly unknown[]): string {
  const quoted = values.map((value) => JSON.stringify(value));
  const last = quoted.pop() ?? "nothing";
  return quoted.length === 0 ? last : `${quoted.join(", ")} or ${last}`;
}

const typeNames: Record<string, string> = {
  int: "a whole number",
  number: "a number",
  string: "text",
  array: "a list",
  object: "an object",
  record: "an object",
};

function amount(limit: number | bigint, origin: string): string {
  if (origin === "string") return `${limit} ${limit === 1 ? "character" : "characters"}`;
  if (origin === "array") return `${limit} ${limit === 1 ? "member" : "members"}`;
  return String(limit);
}
