import { z } from "zod";
import { validate } from "./validate";

const fileSchema = z.strictObject({
  limit: z.number().multipleOf(1).min(1).max(100).default(20),
  order: z.enum(["asc", "desc"]).default("desc"),
  after: z.string().optional(),
});
const schema = fileSchema.extend({ name: z.string().optional() });

export type ListQuery = z.output<typeof schema>;
export type FileListQuery = z.output<typeof fileSchema>;

/** @throws ApiError 400 */
export function listQuery(query: string): ListQuery {
  return validate(schema, valuesOf(query));
}

/** @throws ApiError 400 */
export function fileListQuery(query: string): FileListQuery {
  return validate(fileSchema, valuesOf(query));
}

function valuesOf(query: string): Record<string, string | number> {
  const values: Record<string, string | number> = Object.fromEntries(new URLSearchParams(query));
  const { limit } = values;
  if (/^-?\d+(\.\d+)?$/.test(String(limit))) values["limit"] = Number(limit);
  return values;
}
