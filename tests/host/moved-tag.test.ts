import assert from "node:assert/strict";
import { image } from "../support/docker";
import { HostStack } from "../support/host/host-stack";
import { assertLines } from "../support/lines";
import { gatewayImage } from "../support/live/images";
import { dockerTestBackend } from "../support/test-backend";

describe("containers whose image's tag moves", function () {
  this.timeout(180_000);
  let backend: Awaited<ReturnType<typeof dockerTestBackend>>;
  let stack: HostStack;
  let asked: string[];
  let name: string;

  const tag = (from: string) => backend.client.getImage(from).tag({ repo: name, tag: "1" });
  const idOf = async (reference: string) => (await backend.client.getImage(reference).inspect()).Id;
  const shortOf = async (reference: string) => (await idOf(reference)).slice(0, 19);

  before(async () => {
    backend = await dockerTestBackend();
    stack = new HostStack(backend.env);
    name = `${stack.prefix}-image`;
    await tag(image);
    const of = (reference: string) => ({ backend: "docker", docker: { image: reference } });
    await stack.containers({ one: of(`${name}:1`), two: of(`${name}:1`), pinned: of(await idOf(image)) }).up();
    await tag(gatewayImage);
    backend.faulty.fault = (request) => {
      if (request.startsWith("GET /images/")) asked.push(request);
      return undefined;
    };
  });
  beforeEach(() => {
    asked = [];
  });
  after(async () => {
    await stack.end(backend.holder);
    await backend.client.getImage(`${name}:1`).remove();
    await backend.stop();
  });

  for (const command of ["preview", "refresh"] as const) {
    it(`keep their image, with a warning each in a ${command}, for one request to the engine`, async () => {
      const { steps, warnings } = await stack[command]();
      const same = { op: "same", reasons: [], changed: [] };
      assert.deepEqual(steps, { one: same, two: same, pinned: same });
      const [was, is] = [await shortOf(image), await shortOf(gatewayImage)];
      assertLines(
        warnings,
        ["one", "two"].map((box) => {
          const text = `container ${stack.idOf(box)} keeps its image ${was}: "${name}:1" is now ${is} on its engine.`;
          return new RegExp(`^${box}: OC2616: ${text} Run .pulumi up --replace. .* or pin the image`);
        }),
      );
      assert.deepEqual(asked, [`GET /images/${name}:1/json`]);
    });
  }
});
