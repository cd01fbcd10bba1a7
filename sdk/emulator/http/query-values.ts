/** The parameters of a query string, to be validated: `limit` is a number where it is written as one. */
export function queryValues(query: string): Record<string, string | number> {
  const values: Record<string, string | number> = Object.fromEntries(new URLSearchParams(query));
  const { limit } = values;
  if (/^-?\d+(\.\d+)?$/.test(String(limit))) values["limit"] = Number(limit);
  return values;
}
