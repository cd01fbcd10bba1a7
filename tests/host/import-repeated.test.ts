import assert from "node:assert/strict";
import { unknownValue } from "../../provider/model/unknowns";
import { HostStack, type Step } from "../support/host/host-stack";
import { ProviderProcess } from "../support/host/provider-process";
import { unmarked } from "../support/host/secret-marks";
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

  it("keeps no container from being deleted that a refresh of the same run has read", async () => {
    await stack.up();
    const { inputs, outputs } = stack.resources.get("box") ?? assert.fail();
    const run = await ProviderProcess.start(stack.folder, backend.env);
    const read = (await run.read(id, outputs)) ?? assert.fail();
    await run.diff(id, unmarked(read.outputs), inputs);
    await run.delete(id, outputs);
    await run.end();
    assert.deepEqual(run.log.warnings(), []);
    assert.deepEqual(backend.emulator.containers(), []);
    stack.resources.delete("box");
  });

  it("keeps the container where a killed run left its resource in state twice", async () => {
    await stack.up();
    const { inputs, outputs } = stack.resources.get("box") ?? assert.fail();
    const news = { ...inputs, __import: id };
    const run = await ProviderProcess.start(stack.folder, backend.env);
    const checked = await run.check(inputs, news);
    await run.diff(id, outputs, unmarked(checked.inputs));
    await run.delete(id, outputs); // of the resource that is pending deletion
    await run.end();
    assertLines(run.log.warnings(), [new RegExp(`^box: OC2408: container ${id} is kept: in this run box has it$`)]);
    assert.equal(backend.emulator.containers().length, 1);
  });

  it("deletes a container that is replaced after a diff without a change, as by replacementTrigger", async () => {
    await stack.up();
    const { inputs, outputs } = stack.resources.get("box") ?? assert.fail();
    const run = await ProviderProcess.start(stack.folder, backend.env);
    const checked = await run.check(inputs, inputs);
    await run.diff(id, outputs, unmarked(checked.inputs));
    const again = unmarked((await run.check({}, inputs)).inputs);
    await run.delete(id, outputs);
    const replacement = await run.create(again);
    await run.end();
    assert.deepEqual(
      backend.emulator.containers().map((container) => container.id),
      [replacement.id],
    );
    stack.resources.set("box", {
      id: replacement.id,
      inputs: again,
      outputs: unmarked(replacement.outputs),
      initErrors: [],
    });
  });
});
