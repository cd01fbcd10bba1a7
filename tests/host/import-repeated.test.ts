import assert from "node:assert/strict";
import { unknownValue } from "../../provider/model/unknowns";
import { HostStack, type Step } from "../support/host/host-stack";
import { assertLines } from "../support/lines";
import { createByHttp } from "../support/raw-containers";
import { hostedTestBackend } from "../support/test-backend";

const same: Step = { op: "same", reasons: [], changed: [] };

describe("an import by the resource option", function () {
  this.timeout(120_000);
  let backend: Awaited<ReturnType<typeof hostedTestBackend>>;
  let stack: HostStack;
  let id: string;

  beforeEach(async () => {
    backend = await hostedTestBackend();
    stack = new HostStack(backend.env);
    id = await createByHttp(backend.emulator, { name: `${stack.prefix}-box` });
    stack.containers({ box: { __import: id } });
  });
  afterEach(() => stack.end(backend.holder).finally(() => backend.stop()));

  const created = () => backend.emulator.requests.filter(({ method }) => method === "POST").length - 1;

  it("is completed by the same command where Pulumi was killed before it stored the container", async () => {
    await stack.up();
    stack.resources.delete("box"); // as in the state of a run that was killed
    const { infos } = await stack.up();
    assertLines(infos, [new RegExp(`^box: imports ${id} `)]);
    assert.equal(stack.idOf("box"), id);
    assert.deepEqual((await stack.up()).steps["box"], same);
    assert.equal(created(), 0);
  });

  it("is not verified in a preview that does not know the backend, and says so", async () => {
    stack.containers({ box: { __import: id, backend: unknownValue } });
    const { problems, infos } = await stack.preview();
    assert.deepEqual(problems, {});
    assertLines(infos, [/^box: imports \S+, which is verified in the update: its backend is not known yet$/]);
    stack.containers({ box: { __import: id } });
    await stack.up();
  });

  it("records the program's values of what the API does not report, of which a later change replaces", async () => {
    const box = { __import: id, fileIds: ["file-1"] };
    await stack.containers({ box }).up();
    assert.deepEqual(stack.resources.get("box")?.outputs["fileIds"], ["file-1"]);
    assert.deepEqual((await stack.refresh()).steps["box"], same);
    assert.deepEqual((await stack.up()).steps["box"], same);
    const { steps } = await stack.containers({ box: { ...box, fileIds: ["file-2"] } }).preview();
    assert.deepEqual(steps["box"], { op: "replace", reasons: ["fileIds"], changed: ["fileIds"] });
  });

  it("may be added to a resource that has the container already, and then changes nothing", async () => {
    await stack.up();
    const resource = stack.resources.get("box") ?? assert.fail();
    for (const properties of [resource.inputs, resource.outputs]) delete properties["__import"];
    assert.deepEqual((await stack.up()).steps["box"], same);
  });
});
