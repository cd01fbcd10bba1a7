import assert from "node:assert/strict";
import { dockerPlace } from "../support/place";
import { Stack } from "../support/stack";
import { previewed } from "../support/told";

const never = 600_000; // ms

describe("a stack whose engine hangs", function () {
  this.timeout(180_000);
  let place: Awaited<ReturnType<typeof dockerPlace>>;
  let stack: Stack;

  before(async () => {
    place = await dockerPlace();
    stack = new Stack(place.env);
    const all = ["one", "two", "three"].map((name) => `new Container("${stack.prefix}-${name}", { ${place.args} });`);
    await stack.program(all.join("\n")).init();
    await stack.up();
  });
  afterEach(() => {
    place.faulty.fault = () => undefined;
  });
  after(() => stack?.end(place.holder).finally(() => place.stop()));

  for (const [what, request] of [
    ["at the first question", /^GET \/version/],
    ["at the list", /^GET \/containers\/json/],
  ] as const) {
    it(`${what} makes a preview wait once for all containers, say so once, and go on`, async () => {
      let waits = 0;
      place.faulty.fault = (made) => {
        if (!request.test(made)) return undefined;
        waits++;
        return { delayMs: never, afterWork: true };
      };
      const preview = await stack.preview();
      const [line = "", ...others] = previewed(preview);
      assert.match(
        line,
        /^no resource: skipped the liveness check: OC2205: The Docker engine at .* does not respond \(no response in \d+ s\)/,
      );
      assert.deepEqual(others, []);
      assert.equal(waits, 1);
      assert.ok(preview.steps.every(({ op }) => op === "same"));
    });
  }
});
