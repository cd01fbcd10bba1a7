import assert from "node:assert/strict";
import { debugCall } from "../../provider/debug-log";
import { debugLinesOf } from "../support/debug-lines";

describe("debugCall", () => {
  const lineOf = async (path: string, id?: string) => {
    const [line = "", ...more] = await debugLinesOf(() => debugCall("openai", "GET", path, 200, 12.6, id));
    assert.deepEqual(more, []);
    return line.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/, "TIME");
  };

  it("writes time, target, method, path, outcome, duration and id on one line", async () => {
    assert.equal(
      await lineOf("/containers/cntr_1", "req_1"),
      "openai-containers: TIME openai GET /containers/cntr_1 200 13 ms req_1",
    );
  });

  it("writes the keys of a query without their values", async () => {
    for (const [path, shown] of [
      ["/containers?limit=100&name=hidden", "/containers?limit&name"],
      ["/containers/create?Env=%5B%22TOKEN%3Dhidden%22%5D&name", "/containers/create?Env&name"],
      ["/a?b=c?d=hidden&e=f", "/a?b&e"],
      ["/version?", "/version"],
    ] as const) {
      assert.equal(await lineOf(path), `openai-containers: TIME openai GET ${shown} 200 13 ms`);
    }
  });

  it("writes no line break and no control character of its arguments", async () => {
    assert.equal(
      await lineOf("/a\n\u001b[31mb", "id\r\nforged"),
      "openai-containers: TIME openai GET /a??[31mb 200 13 ms id??forged",
    );
  });

  it("writes nothing unless OPENAI_CONTAINERS_DEBUG is 1", async () => {
    for (const value of [undefined, "", "0", "true"]) {
      const lines = await debugLinesOf(() => {
        if (value === undefined) delete process.env["OPENAI_CONTAINERS_DEBUG"];
        else process.env["OPENAI_CONTAINERS_DEBUG"] = value;
        debugCall("openai", "GET", "/containers", 200, 1, undefined);
      });
      assert.deepEqual(lines, [], value);
    }
  });
});
