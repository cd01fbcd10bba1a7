import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { backendKinds } from "../../../provider/backends";
import { containerSpec, observedFrom } from "../../../provider/backends/docker/sandbox/container-spec";
import { readSettings } from "../../../provider/backends/settings";
import { findOne } from "../../../provider/data-sources/find";
import { ContainerProvider } from "../../../provider/host/container-provider";
import { PulumiLog } from "../../../provider/host/pulumi-log";
import { containerSchema } from "../../../provider/model/container";
import { Container } from "../../../sdk";
import { journalFolder, journalIn } from "../journal";
import { silent } from "../silent";
import { echoingApi } from "./echoing-api";

/** Exercises `timezone` and the backend `memory` in a copy of the sources that has both. */

type Properties = Record<string, unknown>;

const timezone = "Europe/Berlin";
const open = () => new ContainerProvider(backendKinds, new PulumiLog(undefined), journalIn(journalFolder()));

async function inMemory(): Promise<void> {
  const provider = open();
  const refused = await provider.check({}, { backend: "memory", timezone: 5 });
  assert.deepEqual(
    refused.failures?.map(({ reason }) => reason),
    ["OC1003: timezone: got a number, expected text"],
  );
  const { inputs = {}, failures } = await provider.check({}, { backend: "memory", timezone });
  assert.deepEqual(failures, []);
  assert.equal(inputs["timezone"], timezone);
  const { id, outs = {} } = await provider.create(inputs);
  assert.equal(outs["timezone"], timezone);
  assert.equal(outs["location"], "memory:");
  assert.deepEqual((await provider.diff(id, outs, inputs)).replaces ?? [], []);
  assert.deepEqual((await provider.diff(id, outs, { ...inputs, timezone: "UTC" })).replaces, ["timezone"]);
  const read = await provider.read(id, outs);
  assert.deepEqual([read.props?.["timezone"], read.inputs?.["timezone"]], [timezone, timezone]);
  const backend = await readSettings(process.env, () => undefined, backendKinds)
    .backends.get("memory")
    ?.open(new AbortController().signal);
  const found: object = await findOne({ id }, backend ?? assert.fail(), silent);
  assert.equal(Reflect.get(found, "timezone"), timezone);
  await provider.delete(id, outs);
  const without = await provider.create((await provider.check({}, { backend: "memory" })).inputs ?? {});
  assert.equal(without.outs?.["timezone"], null);
}

async function onTheHostedApi(): Promise<void> {
  const api = await echoingApi();
  Object.assign(process.env, { OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: api.baseUrl });
  const provider = open();
  const { inputs = {} } = await provider.check({}, { backend: "openai", timezone });
  const { id, outs = {} } = await provider.create(inputs);
  assert.equal(api.container["timezone"], timezone);
  api.container["timezone"] = "UTC";
  const { props } = await open().read(id, outs);
  assert.equal(props?.["timezone"], "UTC");
  api.stop();
}

function onDocker(): void {
  const container = { ...containerSchema.parse({ backend: "docker", docker: {}, timezone }), name: "a" };
  const spec = containerSpec("cntr_1", container, 60);
  const inspected = {
    Name: "/cntr_1",
    Created: "2023-11-14T22:13:20.987654321Z",
    Image: "sha256:1",
    Config: spec,
    HostConfig: spec.HostConfig,
    State: { Status: "running", ExitCode: 0 },
    NetworkSettings: { Networks: {} },
  };
  const observed: Properties = Reflect.apply(observedFrom, undefined, [inspected]);
  assert.equal(observed["timezone"], timezone);
}

async function inAProgram(): Promise<void> {
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ inputs }) => ({ id: "cntr_1", state: { createdAt: 1, ...inputs } }),
  });
  const zoneOf = async (args: object) => {
    const output: unknown = Reflect.get(new Container("a", args), "timezone");
    assert.ok(pulumi.Output.isInstance(output));
    return new Promise((resolve) => output.apply(resolve));
  };
  assert.equal(await zoneOf({ timezone }), timezone);
  assert.equal(await zoneOf({}), null);
}

async function inTheDocumentation(): Promise<void> {
  const { withTables } = await import("../../../scripts/container-tables.mjs");
  const root = join(__dirname, "../../..");
  const [page = "", source = ""] = ["docs/container.md", "sdk/container.ts"].map((file) =>
    readFileSync(join(root, file), "utf8"),
  );
  const tables = withTables(page, z.toJSONSchema(containerSchema, { io: "input" }), source);
  assert.match(tables, /^\| `timezone` \|.*\| the time zone of its processes \|$/m);
  assert.match(tables, /^\| `timezone` \| The time zone of its processes\. Null/m);
}

async function main(): Promise<void> {
  await inMemory();
  await onTheHostedApi();
  onDocker();
  await inAProgram();
  await inTheDocumentation();
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
