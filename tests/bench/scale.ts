import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { gatewayName } from "../../provider/backends/docker/allowlist/gateway/gateway-spec";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { concurrencyLimit } from "../../provider/backends/docker/engine/concurrency-limit";
import type { Engine } from "../../provider/backends/docker/engine/engine";
import { sandboxesAtATime } from "../../provider/backends/docker/turns";
import { named } from "../support/create-context";
import { assertNothingLeft, containersNamed, engine, sandboxArgs } from "../support/docker";
import { gatewayImage } from "../support/live/images";
import { silent } from "../support/silent";
import { counted, type Measured, type Row, rowsOf, timed } from "./measure";

/** Smaller ones show whether this works; the figures are of these. A gateway takes some 45 MB. */
const { OPENAI_CONTAINERS_BENCH_SCALE: counts = "300,100" } = process.env;
const allowlist = { type: "allowlist" as const, allowedDomains: ["api.github.com"] };
const settlingMs = 5_000; // in which closed connections are gone, and gateways come to rest
const growth = 1.25; // of one gateway beside others, at most

/** Sandboxes that are all created at the same time in one process, as `pulumi up --parallel 1000` does, and what one costs then. */
export async function scale(): Promise<Row[]> {
  const [without = 300, allowing = 100] = counts.split(",").map(Number);
  const host = await engine();
  return [...(await many(host, without, {})), ...(await many(host, allowing, { networkPolicy: allowlist }))];
}

async function many(host: Engine, count: number, changes: { networkPolicy?: typeof allowlist }): Promise<Row[]> {
  const backend = new DockerBackend(host, { gatewayImage });
  const prefix = `b${randomBytes(4).toString("hex")}`;
  const create = async () => (await backend.create(sandboxArgs(prefix, changes), silent, named)).id;
  const what = changes.networkPolicy ? "with an allow list" : "without a network";
  try {
    await backend.delete(await create()); // loads what the first one needs
    const id = await create();
    const first = await oneByOne(create);
    await sleep(settlingMs);
    const gateway = () => (changes.networkPolicy ? gatewayUsage(host, id) : { memory: 0, files: 0 });
    const [filesBefore, gatewayBefore] = [filesOf("self"), await gateway()];
    const { most: filesAtPeak, ms: all } = await watchingFiles(() => settled(Array.from({ length: count }, create)));
    const last = await oneByOne(create);
    await sleep(settlingMs);
    const gatewayAfter = await gateway();
    const removing = await timed(() => removeAll(host, backend, prefix));
    await sleep(settlingMs);

    // Each request has a connection, as have each gateway's policy until it is applied, and the end of its listeners' container.
    const streams = changes.networkPolicy ? 2 * sandboxesAtATime : 0;
    assert.ok(
      filesAtPeak - filesBefore <= concurrencyLimit + streams,
      `${filesAtPeak} open files, ${filesBefore} before`,
    );
    assert.ok(filesOf("self") <= filesBefore, "files stay open");
    assert.ok(gatewayAfter.files <= gatewayBefore.files, "a gateway has more open files beside others");
    assert.ok(gatewayAfter.memory <= gatewayBefore.memory * growth, "a gateway needs more memory beside others");
    return [
      ...rowsOf(`create one sandbox ${what}`, "ms", [
        ["beside few", first],
        [`beside ${count}`, last],
      ]),
      ...counted(`${count} sandboxes ${what} at the same time`, "s", [
        ["create", all / 1000],
        ["delete", removing / 1000],
      ]),
      ...counted("open files of this process", "files", [
        ["before", filesBefore],
        ["at most", filesAtPeak],
      ]),
      ...(changes.networkPolicy ? gatewayRows(count, gatewayBefore, gatewayAfter) : []),
    ];
  } finally {
    await removeAll(host, backend, prefix);
    await assertNothingLeft(host.client, prefix);
  }
}

interface Usage {
  /** What it has allocated, in bytes, without the files that it has in common with others. */
  memory: number;
  files: number;
}

function gatewayRows(count: number, before: Usage, after: Usage): Row[] {
  const beside = ["beside few", `beside ${count}`] as const;
  return [
    ...counted("memory of a gateway's own", "MB", [
      [beside[0], before.memory / 2 ** 20],
      [beside[1], after.memory / 2 ** 20],
    ]),
    ...counted("open files of a gateway", "files", [
      [beside[0], before.files],
      [beside[1], after.files],
    ]),
  ];
}

async function gatewayUsage({ client }: Engine, id: string): Promise<Usage> {
  const { Pid } = (await client.getContainer(gatewayName(id)).inspect()).State;
  const [, kilobytes] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${Pid}/status`, "utf8")) ?? [];
  return { memory: Number(kilobytes) * 1024, files: filesOf(Pid) };
}

function filesOf(process: "self" | number): number {
  return readdirSync(`/proc/${process}/fd`).length;
}

/** What each of a few takes, in ms. */
async function oneByOne(create: () => Promise<unknown>): Promise<Measured[1]> {
  return [await timed(create), await timed(create), await timed(create)];
}

/** How long work takes, and how many files this process has open meanwhile, at most. */
async function watchingFiles(work: () => Promise<unknown>): Promise<{ most: number; ms: number }> {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, filesOf("self"));
  }, 10);
  try {
    return { ms: await timed(work), most };
  } finally {
    clearInterval(timer);
  }
}

async function removeAll({ client }: Engine, backend: DockerBackend, prefix: string): Promise<void> {
  await settled((await containersNamed(client, prefix)).map((id) => backend.delete(id)));
}

/** Throws the first failure once all have settled, so that a clean-up finds everything. */
async function settled(work: Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(work);
  await Promise.all(work);
}
