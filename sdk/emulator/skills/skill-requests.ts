import { z } from "zod";
import type { FormField } from "../http/form-body";
import { queryValues } from "../http/query-values";
import { validate } from "../http/validate";

const pageSchema = z.strictObject({
  limit: z.number().multipleOf(1).min(0).max(100).default(20), // the default is a guess
  order: z.enum(["asc", "desc"]).default("desc"),
  after: z.string().optional(),
});

/** @throws ApiError 400 */
export function skillListQuery(query: string): z.output<typeof pageSchema> {
  return validate(pageSchema, queryValues(query));
}

const updateSchema = z.strictObject({ default_version: z.string() });

/** @throws ApiError 400 */
export function skillUpdate(body: unknown): z.output<typeof updateSchema> {
  return validate(updateSchema, body);
}

/** Whether a form makes its version the default one. */
export function isDefaultVersion(fields: readonly FormField[]): boolean {
  return fields.some(({ name, content }) => name === "default" && content.toString() === "true");
}
