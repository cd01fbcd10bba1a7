import assert from "node:assert/strict";
import { listQuery } from "../../sdk/emulator/containers/list-query";
import { type Rejection, rejectionOf } from "../support/rejection-of";

const invalidQueries: [query: string, ...Rejection][] = [
  [
    "limit=0",
    "limit",
    "integer_below_min_value",
    "Invalid 'limit': integer below minimum value. Expected a value >= 1, but got 0 instead.",
  ],
  [
    "limit=101",
    "limit",
    "integer_above_max_value",
    "Invalid 'limit': integer above maximum value. Expected a value <= 100, but got 101 instead.",
  ],
  ["limit=ten", "limit", "invalid_type", "Invalid type for 'limit': expected an integer, but got a string instead."],
  ["limit=", "limit", "invalid_type", "Invalid type for 'limit': expected an integer, but got a string instead."],
  [
    "limit=1.5",
    "limit",
    "invalid_type",
    "Invalid type for 'limit': expected an integer, but got a decimal number instead.",
  ],
  ["order=up", "order", "invalid_value", "Invalid value: 'up'. Supported values are: 'asc' and 'desc'."],
  ["before=x", "before", "unknown_parameter", "Unknown parameter: 'before'."],
];

describe("the emulator's list query", () => {
  for (const [query, ...rejection] of invalidQueries) {
    it(`rejects ${query}`, () =>
      assert.deepEqual(
        rejectionOf(() => listQuery(query)),
        rejection,
      ));
  }

  it("defaults to 20 items, newest first", () => assert.deepEqual(listQuery(""), { limit: 20, order: "desc" }));

  it("accepts limit, order, after and name", () => {
    assert.deepEqual(listQuery("limit=100&order=asc&after=cntr_1&name=a%20b"), {
      limit: 100,
      order: "asc",
      after: "cntr_1",
      name: "a b",
    });
  });
});
