import assert from "node:assert/strict";
import { z } from "zod";
import { containerSchema } from "../../provider/model/container";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { HostStack } from "../support/host/host-stack";
import { importPluginIn, type Properties, ProviderProcess } from "../support/host/provider-process";
import { key } from "../support/hosted";
import { createByHttp } from "../support/raw-containers";
import { modules } from "../support/stack";

describe("the import plugin, started as Pulumi does", function () {
  this.timeout(60_000);
  let emulator: Emulator;
  let stack: HostStack;
  let run: ProviderProcess;

  before(async () => {
    emulator = await startEmulator();
    stack = new HostStack({ OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl });
    run = await ProviderProcess.start(stack.folder, stack.env, {}, importPluginIn(modules));
  });
  after(async () => {
    await run?.end();
    await stack.end({ containers: () => [] }); // its containers are not the stack's
    await emulator.stop();
  });

  it("reads a container of which Pulumi has nothing but the id", async () => {
    const id = await createByHttp(emulator, { name: "by hand", memory_limit: "4g" });
    const urn = stack.urnOf("box");
    const read = await run.import(urn, id);
    assert.equal(read.id, id);
    assert.deepEqual(shown(read.inputs), {
      backend: "openai",
      name: "by hand",
      memoryLimit: "4g",
      networkPolicy: { type: "disabled" },
      expiresAfter: { anchor: "last_active_at", minutes: 20 },
    });
    const { problems } = await run.check(read.inputs, read.inputs);
    assert.deepEqual(problems, []);
    const program = { name: "by hand", memoryLimit: "4g", __provider: read.inputs["__provider"], __urn: urn };
    const checked = await run.check(read.inputs, program);
    assert.deepEqual(await run.diff(id, read.outputs, checked.inputs), { changes: false, replaces: [] });
  });

  /** Properties without the hidden ones. */
  const shown = (inputs: Properties) =>
    Object.fromEntries(Object.entries(inputs).filter(([name]) => !name.startsWith("__")));

  it("serves a schema with each argument of a container", async () => {
    const { resources } = z
      .object({ resources: z.record(z.string(), z.object({ inputProperties: z.record(z.string(), z.unknown()) })) })
      .parse(await run.schema());
    const { inputProperties = {} } = resources["pulumi-nodejs:dynamic/openai-containers:Container"] ?? {};
    assert.deepEqual(Object.keys(inputProperties), Object.keys(containerSchema.shape));
  });

  it("leaves other dynamic resources to Pulumi's host", async () => {
    const urn = stack.urnOf("other").replace("openai-containers:Container", "other:Resource");
    await assert.rejects(run.import(urn, "1"), /code must be a string, not undefined/);
  });

  it("leaves a refresh to Pulumi's host: what state alone has of a container stays", async () => {
    const id = await createByHttp(emulator, { name: "refreshed" });
    const { outputs } = await run.import(stack.urnOf("refreshed"), id);
    const recorded = { ...outputs, fileIds: ["file-1"] };
    assert.deepEqual((await run.read(id, recorded))?.outputs, recorded);
  });
});
