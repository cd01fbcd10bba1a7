import { z } from "zod";
import { parse } from "./parse";

const schema = z.strictObject({
  limit: z.number().multipleOf(1).min(1).max(100).default(20),
  order: z.enum(["asc", "desc"]).default("desc"),
  after: z.string().optional(),
  name: z.string().optional(),
});

export type ListQuery = z.output<typeof schema>;

/** @throws ApiError 400 */
export function listQuery(query: string): ListQuery {
  const given: Record<string, string | number> = Object.fromEntries(new URLSearchParams(query));
  const { limit } = given;
  if (/^-?\d+(\.\d+)?$/.test(String(limit))) given["limit"] = Number(limit);
  return parse(schema, given);
}
