import { assertNothingLeft, engine, image, sandboxArgs } from "../support/docker";
import { gatewayImage } from "../support/live/images";
import { Stack } from "../support/stack";
import { noOpProgram, resources } from "./many-resources";
import { counted, type Row } from "./measure";
import { RawEngine } from "./raw-engine";
import { newId, rawCreate, rawCreateAllowlist, rawDelete } from "./raw-sandboxes";
import { cpuTime } from "./usage";

/** Smaller ones show whether this works; the figures are of these. */
const { OPENAI_CONTAINERS_BENCH_UP: counts = "100,20" } = process.env;
const atOnce = 16; // starts on an engine of two processors, which gets no faster with more
const allowlist = { type: "allowlist" as const, allowedDomains: ["api.github.com"] };

/** What a piece of work took: seconds by the clock, and of the processors of this host, the engine's included. */
interface Cost {
  seconds: number;
  processor: number;
}

/** An `up` and a `destroy` of it. */
interface Costs {
  up: Cost;
  destroy: Cost;
}

/**
 * A whole `pulumi up` of new sandboxes and their `pulumi destroy`, beside what these cannot do without: the same calls of the
 * engine, and the same commands with as many resources that do nothing.
 */
export async function up(): Promise<Row[]> {
  const [without = 100, allowing = 20] = counts.split(",").map(Number);
  return [...(await comparison(without, false)), ...(await comparison(allowing, true))];
}

async function comparison(count: number, hasGateway: boolean): Promise<Row[]> {
  const raw = await rawCosts(count, hasGateway);
  const noOps = await stackCosts((stack) => noOpProgram(count, stack), false);
  const more = `backend: "docker", docker: { image: "${image}" }${hasGateway ? `, networkPolicy: ${JSON.stringify(allowlist)}` : ""}`;
  const ours = await stackCosts((stack) => resources("Container", count, stack, more), true);
  const what = hasGateway ? "with an allow list" : "without a network";
  return (["up", "destroy"] as const).flatMap((command) => [
    ...rows(`pulumi ${command} of ${count} ${what}`, raw[command], noOps[command], ours[command], "seconds"),
    ...rows(
      `pulumi ${command} of ${count} ${what}: processors`,
      raw[command],
      noOps[command],
      ours[command],
      "processor",
    ),
  ]);
}

function rows(title: string, raw: Cost, noOps: Cost, ours: Cost, unit: keyof Cost): Row[] {
  return counted(title, "s", [
    ["lower bound: the two below", raw[unit] + noOps[unit]],
    [`the engine's calls, raw, ${atOnce} sandboxes at a time`, raw[unit]],
    ["resources that do nothing", noOps[unit]],
    ["ours", ours[unit]],
  ]);
}

async function rawCosts(count: number, hasGateway: boolean): Promise<Costs> {
  const { client, address } = await engine();
  const raw = new RawEngine(address.replace("unix://", ""));
  const args = sandboxArgs(`b${newId().slice(-8)}`, hasGateway ? { networkPolicy: allowlist } : {});
  const create = await (hasGateway ? rawCreateAllowlist : rawCreate)(raw, args);
  const ids = Array.from({ length: count }, newId);
  try {
    const up = await cost(() => inTurns(ids, create));
    return { up, destroy: await cost(() => inTurns(ids, (id) => rawDelete(raw, id, hasGateway))) };
  } finally {
    await assertNothingLeft(client, args.name);
  }
}

/** Does the work for each, so many at a time. */
async function inTurns(ids: string[], work: (id: string) => Promise<unknown>): Promise<void> {
  const waiting = [...ids];
  const worker = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await work(id);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** @param isOnEngine whether its resources are sandboxes, all of which must be there in between and gone at the end */
async function stackCosts(program: (stack: Stack) => string, isOnEngine: boolean): Promise<Costs> {
  const { client } = await engine();
  const stack = new Stack();
  stack.program(program(stack)).init().configure("openai-containers:gatewayImage", gatewayImage);
  try {
    const up = await cost(() => stack.up());
    return { up, destroy: await cost(() => stack.destroy()) };
  } finally {
    await stack.end(isOnEngine ? client : { containers: () => [] });
  }
}

async function cost(work: () => Promise<unknown>): Promise<Cost> {
  const [began, before] = [performance.now(), cpuTime().busy];
  await work();
  // proc_stat(5): in hundredths of a second
  return { seconds: (performance.now() - began) / 1000, processor: (cpuTime().busy - before) / 100 };
}
