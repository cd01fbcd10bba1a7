import type { z } from "zod";
import { ApiError } from "./api-error";

/**
 * Validates a value parsed from JSON.
 * @throws ApiError 400 for the first problem, in the API's wording
 */
export function validate<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw issue ? apiError(issue, issue.path.reduce(at, value)) : result.error;
}

function apiError(issue: z.core.$ZodIssue, value: unknown): ApiError {
  const unknownKey = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  const param = pathText([...issue.path, ...unknownKey]);
  const { code, message } = rejection(issue, param, value);
  return new ApiError(400, message, { code, ...(param !== "" && { param }) });
}

interface Rejection {
  code: string;
  message: string;
}

function rejection(issue: z.core.$ZodIssue, param: string, value: unknown): Rejection {
  if (issue.code === "unrecognized_keys") {
    return { code: "unknown_parameter", message: `Unknown parameter: '${param}'.` };
  }
  if (value === undefined) {
    return { code: "missing_required_parameter", message: `Missing required parameter: '${param}'.` };
  }
  switch (issue.code) {
    case "invalid_type":
      return wrongType(param, typeNames[issue.expected] ?? issue.expected, value);
    case "not_multiple_of":
      return wrongType(param, "an integer", value);
    case "invalid_value":
      return wrongChoice(param, issue.values, value);
    case "invalid_union":
      return wrongChoice(param, "options" in issue ? (issue.options ?? []) : [], value);
    case "too_small":
      return tooSmall(param, issue.origin, `${issue.minimum}`, value);
    case "too_big":
      return tooBig(param, issue.origin, `${issue.maximum}`, value);
    case "invalid_format":
      return outOfRange("invalid_value", param, "string does not match pattern", {
        expected: `a string that matches the pattern '${issue.pattern?.slice(1, -1)}'`,
      });
    default:
      return { code: "invalid_value", message: `Invalid '${param}': ${issue.message}` };
  }
}

function wrongType(param: string, expected: string, value: unknown): Rejection {
  const subject = param === "" ? "the request body" : `'${param}'`; // the API's wording is a guess
  const message = `Invalid type for ${subject}: expected ${expected}, but got ${kindOf(value)} instead.`;
  return { code: "invalid_type", message };
}

function wrongChoice(param: string, words: readonly unknown[], value: unknown): Rejection {
  const quoted = words.map((word) => `'${word}'`);
  if (typeof value !== "string") {
    return wrongType(param, quoted.length === 1 ? `${quoted[0]}` : `one of ${listed(quoted, "or")}`, value);
  }
  const supported =
    quoted.length === 1 ? `Value must be ${quoted[0]}` : `Supported values are: ${listed(quoted, "and")}`;
  return { code: "invalid_value", message: `Invalid value: '${value}'. ${supported}.` };
}

function tooSmall(param: string, origin: string, minimum: string, value: unknown): Rejection {
  if (origin === "string") {
    const expected = `a string with minimum length ${minimum}`;
    return outOfRange("empty_string", param, "empty string", { expected, got: "an empty string" });
  }
  if (origin === "array") {
    const expected = `an array with minimum length ${minimum}`;
    return outOfRange("empty_array", param, "empty array", { expected, got: "an empty array" });
  }
  const expected = `a value >= ${minimum}`;
  return outOfRange("integer_below_min_value", param, "integer below minimum value", { expected, got: `${value}` });
}

function tooBig(param: string, origin: string, maximum: string, value: unknown): Rejection {
  if (origin === "string") {
    const got = `a string with length ${String(value).length}`;
    const expected = `a string with maximum length ${maximum}`;
    return outOfRange("string_above_max_length", param, "string too long", { expected, got });
  }
  if (origin === "array") {
    const got = `an array with length ${Array.isArray(value) ? value.length : 0}`;
    const expected = `an array with maximum length ${maximum}`;
    return outOfRange("array_above_max_length", param, "array too long", { expected, got });
  }
  const expected = `a value <= ${maximum}`;
  return outOfRange("integer_above_max_value", param, "integer above maximum value", { expected, got: `${value}` });
}

function outOfRange(code: string, param: string, what: string, { expected, got }: { expected: string; got?: string }) {
  const instead = got === undefined ? "" : `, but got ${got} instead`;
  return { code, message: `Invalid '${param}': ${what}. Expected ${expected}${instead}.` };
}

/** `skills[1].source.media_type` */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index > 0 ? "." : ""}${String(key)}`))
    .join("");
}

const typeNames: Record<string, string> = {
  string: "a string",
  number: "an integer",
  array: "an array",
  object: "an object",
};

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number") return Number.isInteger(value) ? "an integer" : "a decimal number";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** `'1g', '4g', '16g', and '64g'` */
function listed(words: readonly string[], joint: string): string {
  const last = words.at(-1) ?? "";
  if (words.length <= 2) return words.join(` ${joint} `);
  return `${words.slice(0, -1).join(", ")}, ${joint} ${last}`;
}

function at(value: unknown, key: PropertyKey): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
