import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { key } from "../support/hosted";
import { importInto } from "../support/import-command";
import { createByHttp } from "../support/raw-containers";
import { Stack } from "../support/stack";
import { counted, measured, type Row, rowsOf, timed } from "./measure";

const count = 1_000;
const rounds = 2;

/** State is stored once a command, not after each resource, which would take minutes for a thousand. */
const storedOnce = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };

/**
 * From the command to "unchanged": `openai-containers import --run` of hosted containers, and what Pulumi takes alone, to
 * import as many resources that do nothing by a file and to preview their program. A stack of its own for each round.
 */
export async function importing(): Promise<Row[]> {
  const emulator = await startEmulator({ requestsPerMinute: 1_000_000, maximumMinutes: 600 });
  try {
    const expires_after = { anchor: "last_active_at", minutes: 600 }; // none expires meanwhile
    for (let at = 0; at < count; at += 1) await createByHttp(emulator, { name: `box ${at}`, expires_after });
    const lists = await listRequests(emulator);
    const all = await measured(rounds, [
      ["pulumi import of resources that do nothing", noOps],
      ["openai-containers import", () => ours(emulator)],
    ]);
    const gets = emulator.requests.filter(({ method, path }) => method === "GET" && path !== "/v1/containers").length;
    return [
      ...rowsOf(`import of ${count}, to unchanged`, "s", all),
      ...counted(`import of ${count}: requests`, "requests", [["lists, to select", lists]]),
      ...counted(`import of ${count}: requests`, "requests", [["GETs of containers, to the end", gets]]),
    ];
  } finally {
    await emulator.stop();
  }
}

/** How many requests it takes to read all containers; the preview's liveness check takes as many again. */
async function listRequests(emulator: Emulator): Promise<number> {
  const before = emulator.requests.length;
  const stack = stackOf(emulator);
  await importInto(stack);
  await stack.end({ containers: () => [] });
  return emulator.requests.length - before;
}

async function ours(emulator: Emulator): Promise<number> {
  const stack = stackOf(emulator);
  stack.program('require("./sandboxes");');
  let text = "";
  const took = await timed(async () => {
    ({ text } = await importInto(stack, "--run", "--name", "*"));
  });
  if (!text.endsWith(`${count} imported, ${count} unchanged\n`)) throw new Error(text);
  await stack.end({ containers: () => [] });
  return took / 1000;
}

function stackOf({ baseUrl }: Emulator): Stack {
  return new Stack({ ...storedOnce, OPENAI_API_KEY: key, OPENAI_BASE_URL: baseUrl }).init();
}

/** The least that Pulumi's host of dynamic providers does. */
const noOp = "exports.handler=()=>({check:async(o,n)=>({inputs:n}),diff:async()=>({changes:false})})";

async function noOps(): Promise<number> {
  const stack = new Stack(storedOnce);
  const type = "pulumi-nodejs:dynamic/no-op:NoOp";
  stack.program(`
    class NoOp extends pulumi.CustomResource {
      constructor(name, args) { super(${JSON.stringify(type)}, name, { ...args, __provider: ${JSON.stringify(noOp)} }, { protect: true }); }
    }
    for (let at = 0; at < ${count}; at += 1) new NoOp("c-" + at, { name: "box " + at, memoryLimit: "1g" });`);
  stack.init();
  const resources = Array.from({ length: count }, (_, at) => {
    const properties = { name: `box ${at}`, memoryLimit: "1g", __provider: noOp };
    return { type, name: `c-${at}`, id: `id-${at}`, inputs: properties, outputs: properties };
  });
  writeFileSync(join(stack.folder, "import.json"), JSON.stringify({ resources }));
  const took = await timed(async () => {
    await stack.ok("import", "--file", "import.json", "--generate-code=false", "--yes", "--skip-preview");
    const said = await stack.ok("preview", "--expect-no-changes", "--suppress-progress");
    if (!said.includes(`${count + 1} unchanged`)) throw new Error(said);
  });
  await stack.end({ containers: () => [] });
  return took / 1000;
}
