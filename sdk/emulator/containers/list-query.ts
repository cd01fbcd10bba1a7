import { z } from "zod";
import { queryValues } from "../http/query-values";
import { validate } from "../http/validate";

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
  return validate(schema, queryValues(query));
}

/** @throws ApiError 400 */
export function fileListQuery(query: string): FileListQuery {
  return validate(fileSchema, queryValues(query));
}
