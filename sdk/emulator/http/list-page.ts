import { unknownCursor } from "./api-error";

interface PageQuery {
  limit: number;
  order: "asc" | "desc";
  after?: string | undefined;
}

/** @typeParam None what `first_id` and `last_id` are on an empty page: the published lists differ in that */
export interface ListPage<T, None> {
  object: "list";
  data: T[];
  first_id: string | None;
  last_id: string | None;
  has_more: boolean;
}

/**
 * A page of a short list.
 * @param items oldest first
 * @throws ApiError 400 for a cursor that is not in the list
 */
export function listPage<T extends { id: string }, None>(
  items: readonly T[],
  { limit, order, after }: PageQuery,
  kind: string,
  none: None,
): ListPage<T, None> {
  const sorted = order === "asc" ? items : items.toReversed();
  const before = after === undefined ? -1 : sorted.findIndex(({ id }) => id === after);
  if (after !== undefined && before === -1) throw unknownCursor(kind, after);
  const data = sorted.slice(before + 1, before + 1 + limit);
  const [first_id, last_id] = [data.at(0)?.id ?? none, data.at(-1)?.id ?? none];
  return { object: "list", data, first_id, last_id, has_more: before + 1 + limit < sorted.length };
}
